"""Entrance of `make run`."""

import sys

from oss_portal.engines import DataFolder, EngineError
from oss_portal.run.checks import CannotRun
from oss_portal.run.portal import run


def main() -> int:
    try:
        return run(DataFolder())
    except (CannotRun, EngineError) as problem:
        print(f"\nOSS Portal stopped: {problem}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
