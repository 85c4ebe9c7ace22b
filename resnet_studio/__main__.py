"""`python -m resnet_studio`: the same as `python main.py`.

Python then puts the folder that it is started in first on its path, as with every `-m`: start it with `-P` in a folder
whose files you don't know.
"""

import sys

from resnet_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
