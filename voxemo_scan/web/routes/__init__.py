"""The addresses that the application answers, one subject a module."""
