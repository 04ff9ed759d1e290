"""How the application bears many people at once: ``python -m voxemo_scan.web.load``."""
