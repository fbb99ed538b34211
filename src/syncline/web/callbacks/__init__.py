"""Where other systems send a person back to."""
