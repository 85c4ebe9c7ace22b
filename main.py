"""Starts ResNet Studio: the window, or with a subcommand its terminal face (`python main.py --help`)."""

import sys

from resnet_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
