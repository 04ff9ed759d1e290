"""Expectations held against results."""
