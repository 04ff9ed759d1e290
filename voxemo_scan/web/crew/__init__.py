"""Worker processes that decode and listen, each within limits."""
