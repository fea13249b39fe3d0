"""One of several coders at once: `python -m durability.pair STUDY CODER SEED ACTS`.

Prints the steps that were acknowledged and how long the longest one took.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice

from durability.coder import acts
from qualcode import Study


def main() -> None:
    path, name, seed, count = sys.argv[1:]
    told = []
    longest = 0.0
    with Study.open(path) as study:
        session, _ = study.session(name)
        begun = time.monotonic()
        for change in islice(acts(session, int(seed)), int(count)):
            longest = max(longest, time.monotonic() - begun)
            told.append((name, change.step, change.response_id, change.acts))
            begun = time.monotonic()
    json.dump({"told": told, "longest": longest}, sys.stdout)


if __name__ == "__main__":
    main()
