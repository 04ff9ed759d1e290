"""Figures for papers: timelines, a run's overview, scenes side by side. They need matplotlib."""
