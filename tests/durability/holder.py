"""A process that dies in the middle of a transaction: `python -m durability.holder STUDY`.

Says `holding` once it has written without having committed, and waits to be killed.
"""

from __future__ import annotations

import sys
import time

from qualcode import Study


def main() -> None:
    with Study.open(sys.argv[1]) as study, study.database.transaction():
        study.database.run("UPDATE respondent SET attributes = '{}'")
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        time.sleep(600)


if __name__ == "__main__":
    main()
