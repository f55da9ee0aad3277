"""`python -m framebook` is the same program as `framebook`."""

import sys

from framebook.cli import main

if __name__ == "__main__":
    sys.exit(main())
