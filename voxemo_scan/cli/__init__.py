"""The command line. Importing it loads neither torch nor librosa."""

from voxemo_scan.cli.app import main

__all__ = ["main"]
