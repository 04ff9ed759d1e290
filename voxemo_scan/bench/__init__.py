"""How fast the tool is, and what that means for much work."""
