"""A scene's way from clip to result, and the runner of many."""
