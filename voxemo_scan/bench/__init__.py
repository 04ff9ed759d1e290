"""How fast a scan is, what it takes, and how that compares: ``python -m voxemo_scan.bench``."""
