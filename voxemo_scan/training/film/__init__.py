"""Studio clips made to sound like film: rooms, music, noise, old recordings."""
