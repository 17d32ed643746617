"""A checkout and data folder in a home closed to others: whoever runs it, PostgreSQL starts or says why not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from oss_portal.engines.folder import CHECKOUT, DataFolder
from oss_portal.engines.postgres import Postgres, programs
from oss_portal.engines.system_user import system_user_prefix

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as another user")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that only its owner may enter, as root's own home is."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_it_starts_below_a_closed_home(home: Path, umask: int) -> None:
    installed = programs().parent
    package = installed.parent
    shutil.copytree(installed, home / package.name / installed.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), home / f"{package.name}.libs")
    if umask == 0o077:  # as an installer leaves it under that umask
        subprocess.run(["chmod", "-R", "go-rwx", home], check=True)
    folder = DataFolder(home / "data")
    folder.create()
    server = Postgres(folder, durable=False)
    server.programs = home / package.name / installed.name / "bin"
    try:
        server.start()
        with psycopg.connect(server.urls["owner_url"]) as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
        assert home.stat().st_mode & 0o777 == 0o700, "nothing was opened to others"
    finally:
        server.stop()


@as_root
def test_it_gets_no_right_that_it_does_not_need(home: Path, tmp_path: Path) -> None:
    status = [sys.executable, "-ISc", "print(open('/proc/self/status').read())"]
    for place, right in ((tmp_path.parents[-1], 0), (home, 1 << 2)):  # CAP_DAC_READ_SEARCH is 2 (capability.h)
        told = subprocess.run([*system_user_prefix([place]), *status], capture_output=True, check=True, text=True)
        held = dict(line.split(":\t", 1) for line in told.stdout.splitlines() if ":\t" in line)
        assert {int(held[name], 16) for name in ("CapPrm", "CapEff", "CapAmb", "CapInh")} == {right}, place


@as_root
@pytest.mark.parametrize("withheld", ["-dac_override,-dac_read_search", "-setpcap", "-setuid"])
def test_where_root_lacks_the_right_it_is_refused_before_anything_is_made(home: Path, withheld: str) -> None:
    held_back = ["setpriv", f"--bounding-set={withheld}", "--inh-caps=-all"]
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    # `make run` asks before it installs; whoever starts the servers otherwise is refused by the keeper.
    for command in (["deploy/setup.py", "--to-run"], ["manage.py", "check"]):
        done = subprocess.run(
            [*held_back, sys.executable, *command],
            cwd=CHECKOUT,
            env={**env, "DATA_DIR": str(home / "data")},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert done.returncode == 1
        closed = done.stderr.partition("cannot pass ")[2].split()[0]
        assert Path(closed) in (home, *home.parents)
        assert "set DATABASE_URL and REDIS_URL" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (home / "data" / "postgres" / "cluster").exists()
