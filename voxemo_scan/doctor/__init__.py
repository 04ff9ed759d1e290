"""A look at the installation: what is there, what is missing, what to do about it."""
