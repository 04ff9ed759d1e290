"""Scenes composed of single clips, of which it is known who says what, when and how."""
