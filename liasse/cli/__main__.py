"""Lets the supervisor start its parts as `python -m liasse.cli`."""

import sys

from liasse.cli.main import main

sys.exit(main())
