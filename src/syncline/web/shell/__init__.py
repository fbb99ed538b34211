"""What all pages share: frame, style, icons, times, and the headers they go with."""
