"""Two reports side by side: what moved, how far, and whether that is more than was allowed."""
