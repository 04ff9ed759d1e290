"""Looking at sound: a recording's pictures and numbers, and a corpus's."""
