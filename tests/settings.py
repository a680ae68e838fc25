"""The product's settings on a throw-away data folder.

Set before the settings are read, so that no test can touch the data of the person who runs it.
"""

import os
import tempfile
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("LIASSE_") and not name.startswith("LIASSE_TEST_")]:
    del os.environ[_name]
os.environ["LIASSE_DATA"] = tempfile.mkdtemp(prefix="liasse-test-")
Path(os.environ["LIASSE_DATA"]).chmod(0o700)

from liasse.config.settings import *  # noqa: E402, F403  The folder must be chosen before.
