"""What a network sees of a window."""
