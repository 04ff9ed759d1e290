"""``python -m voxemo_scan`` is ``voxemo-scan``."""

from voxemo_scan.cli import main

if __name__ == "__main__":
    main()
