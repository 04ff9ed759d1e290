"""Where there is speech, and the windows a network hears."""
