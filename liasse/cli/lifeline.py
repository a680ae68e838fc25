"""What a part does about its supervisor: it ends when the supervisor is gone, however that ended."""

import os
import signal
import threading
import time

GRACE = 10.0


def hold_lifeline() -> None:
    """End this process and its group once standard input closes, which is the supervisor's end of a pipe.

    A kill -9 of the supervisor closes it too, and so no part is left behind holding a port.
    """
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    while os.read(0, 512):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    if os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
