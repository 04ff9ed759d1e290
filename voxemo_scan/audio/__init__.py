"""Sound in memory: decoding containers, cutting ranges."""
