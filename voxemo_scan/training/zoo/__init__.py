"""The classic machine-learning models: compared on equal terms, not shipped."""
