"""Listening while somebody speaks."""
