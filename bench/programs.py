"""What a program of its own takes: seconds, processor seconds, largest memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

_STARTER = """
import json, os, sys, time
began = time.monotonic()
reading, writing = os.pipe()  # kept open: the program ends when its input does
quiet = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, reading, 0), (os.POSIX_SPAWN_DUP2, quiet, 1)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_pid, status, used = os.wait4(child, 0)
seconds = time.monotonic() - began
print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def measure(command: list[str], checkout: Path) -> dict[str, float]:
    """Seconds, processor seconds and largest memory of one program, run in the folder `checkout`."""
    # Of a child, Linux counts the memory of the process that started it as well: a small one starts it here.
    program = subprocess.Popen(
        [sys.executable, "-S", "-c", _STARTER, *command], cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said, _none = program.communicate()
    if program.returncode:
        sys.exit("A program failed; see above.")
    used: dict[str, float] = json.loads(said)
    return used
