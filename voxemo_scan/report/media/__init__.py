"""What a page shows of a clip itself: its sound, a still picture, its spectrogram."""
