"""`make check`: runs every check even when another one failed, then says which did.

They run side by side, one a core: the types alone take as long as all the others together.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = CHECKOUT / ".venv" / "bin"
MANAGE = [sys.executable, "manage.py"]
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("types", [str(BIN / "mypy"), "."], {}),
    ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("lint", [str(BIN / "ruff"), "check", "."], {}),
    ("import contracts", [str(BIN / "lint-imports")], {}),
    ("import circles", [sys.executable, "deploy/import_circles.py"], {}),
    ("missing migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    ("translations", [sys.executable, "-m", "oss_portal.translations", "check"], {}),
    ("API compatibility", [*MANAGE, "api_compatibility"], {}),
    (
        "deployment",
        [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        {
            "PRODUCTION": "1",
            "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "NUMBER_KEYS": "only-for-this-check-the-first-of-a-ring-of-keys",
            "NUMBER_INDEX_KEY": "only-for-this-check-the-key-of-the-digests",
            "ALLOWED_HOSTS": "portal.example",
            "PUBLIC_URL": "https://portal.example",
            "TRUSTED_PROXIES": "10.0.0.0/24",
            "EMAIL_HOST": "mail.portal.example",
            "DEFAULT_FROM_EMAIL": "mot-cua@portal.example",
            "SILENCED_CHECKS": "oss.W002,oss.W009",  # services that a province may leave off
        },
    ),
]


def run_check(check: tuple[str, list[str], dict[str, str]]) -> tuple[int, float, str]:
    """Its exit code, the seconds it took, and what it said."""
    _title, command, more = check
    # Most of them load the portal, and the tests do after them: compiled by the first, not by each of them.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**usual, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, time.monotonic() - began, done.stdout


def main() -> int:
    failed = []
    # The first in the list begins first, so the longest stands there.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (title, _command, _more), (code, seconds, said) in zip(CHECKS, pool.map(run_check, CHECKS), strict=True):
            print(f"{title:20} {'failed' if code else 'ok':8} {seconds:5.1f} s", flush=True)
            if code:
                failed.append(title)
                print(said, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
