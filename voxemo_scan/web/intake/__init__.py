"""Uploads, from the socket to a private file, bounded while they stream."""
