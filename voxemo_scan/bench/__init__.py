"""How fast a scan is, what it takes, how that compares, and what it means for much work."""
