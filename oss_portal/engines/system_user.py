"""The ordinary system user as whom root runs PostgreSQL, and how that user reaches a checkout closed to others.

Standard library only: `make setup` asks here before anything is installed.
"""

from __future__ import annotations

import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from oss_portal.engines.folder import EngineError

# PostgreSQL refuses to run as root; root runs it as this user, as the wheel's own library does.
SYSTEM_USER = "pgserver"
# What PostgreSQL's programs themselves ask before they go on.
_PROBE = "import os, sys; sys.exit(next((p for p in sys.argv[1:] if not os.access(p, os.X_OK)), 0))"


def system_user_prefix(places: Sequence[Path]) -> list[str]:
    """The command prefix with which root runs a program as the system user.

    `places` are folders which that user must enter and programs which it must start. Where it may not (a checkout in
    root's own home), the process alone gets the right to, and no folder of the machine is opened to others for it.
    Errors: EngineError that names the obstacle and what to do.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineError(
            "PostgreSQL does not run as root and `setpriv` (package util-linux) is missing; "
            "install it, run as an ordinary user, or set DATABASE_URL and REDIS_URL."
        )
    make_system_user()
    user = [setpriv, f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups", "--pdeathsig=INT"]
    # Passing closed folders needs the first right, starting programs that only root may start (umask 077) the second.
    for prefix in (user, user + _with_right("dac_read_search"), user + _with_right("dac_override")):
        probe = subprocess.run(
            [*prefix, sys.executable, "-ISc", _PROBE, *map(str, places)], capture_output=True, check=False, text=True
        )
        if probe.returncode == 0:
            return prefix
    closed = next((place for place in map(_closed_part, places) if place), None)
    words = (probe.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise EngineError(
        f"PostgreSQL does not run as root, and the system user {SYSTEM_USER}, as whom it runs instead, cannot pass "
        f"{closed or places[0]} ({words}); move the checkout and DATA_DIR to where every user may pass, such as /srv, "
        "run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _with_right(capability: str) -> list[str]:
    """Options of setpriv that leave a process one capability when it stops being root, and nothing else.

    access(2), by which PostgreSQL looks for its own programs, ignores the capabilities of a process whose real user is
    not root, unless SECBIT_NO_SETUID_FIXUP is set (capabilities(7)).
    """
    return [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}", "--securebits=+no_setuid_fixup"]


def _closed_part(path: Path) -> Path | None:
    """The first folder on the way to `path` that other users may not enter."""
    for part in (*reversed(path.parents), path):
        try:
            if not part.stat().st_mode & stat.S_IXOTH:
                return part
        except OSError:
            return part
    return None


def make_system_user() -> None:
    """Adds the system user when it is absent. Errors: EngineError when root may not."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            if isinstance(problem, subprocess.CalledProcessError) and problem.returncode == 9:
                return  # another checkout added it at the same moment
            raise EngineError(
                f"PostgreSQL does not run as root and the system user {SYSTEM_USER} cannot be added; "
                "run as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from problem
