"""Where clips come from: local files, the web, and the clip cache."""
