"""What every sandbox server shares: counting, faults, serving."""
