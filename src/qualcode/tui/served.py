"""What a tab's process does beside the screen: it ends when its server is gone."""

from __future__ import annotations

import os
import signal
import threading
import time

_LOOKS = 0.5
_LAST_WORDS = 5.0
"""Seconds that the screen has to keep a memo that is being written."""


def end_with_server() -> None:
    """Watch the server in a thread: a screen whose pipe has broken may not notice anything."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_WORDS)
    # Every act is committed: nothing is left to be done.
    os._exit(1)
