"""The product's settings on a throw-away data folder.

Set before the settings are read, so that no test can touch the data of the person who runs it.
"""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("LIASSE_") and not name.startswith("LIASSE_TEST_")]:
    del os.environ[_name]
# No test asks the world's DNS; those about senders answer for it themselves.
os.environ["LIASSE_DNS_SERVERS"] = "off"
# OCR takes its seconds; the tests that are about it switch it on.
os.environ["LIASSE_OCR"] = "none"
os.environ["LIASSE_DATA"] = tempfile.mkdtemp(prefix="liasse-test-")


def _remove(folder: str, owner: int) -> None:
    # A fork that ends in the ordinary way must not take the folder from its parent.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


atexit.register(_remove, os.environ["LIASSE_DATA"], os.getpid())

from liasse.config.settings import *  # noqa: E402, F403  The folder must be chosen before.

# A file even for the tests: the threads of a live server then have connections of their own, as they have in a firm.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["LIASSE_DATA"], "tests.sqlite3")}  # noqa: F405, PTH118
