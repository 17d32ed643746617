"""`make check`: runs every check even when an earlier one failed, then says which did."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = CHECKOUT / ".venv" / "bin"
MANAGE = [sys.executable, "manage.py"]
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("lint", [str(BIN / "ruff"), "check", "."], {}),
    ("types", [str(BIN / "mypy"), "."], {}),
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
            "SILENCED_CHECKS": "oss.W002",  # services that a province may leave off
        },
    ),
]


def main() -> int:
    failed = []
    for title, command, more in CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        verdict = "failed" if done.returncode else "ok"
        print(f"{title:20} {verdict:8} {time.monotonic() - began:5.1f} s", flush=True)
        if done.returncode:
            failed.append(title)
            print(done.stdout, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
