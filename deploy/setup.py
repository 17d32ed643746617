"""`make setup`: the environment, the front-end files and the translations, from lock files.

Runs with plain Python before anything is installed. Each step leaves a stamp (a hash of what it was made
from), so that a second run is over at once. It uses pip and npm as they are configured on the machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOG = VENV / "setup.log"
OLDEST, NEWEST = (3, 11), (3, 13)
NEEDED_BYTES = 2 * 1024**3
TO_RUN = "--to-run"  # said by `make run`
BEGAN = time.monotonic()


class CannotSetUp(Exception):
    """One sentence: what is missing and what to do."""


def main() -> int:
    try:
        check_machine()
        if TO_RUN in sys.argv:
            check_root_can_run()
        step("environment", [], make_environment, "Making the Python environment")
        step("packages", [CHECKOUT / "requirements.lock"], install_packages, "Installing Python packages")
        lock = [CHECKOUT / "package-lock.json", CHECKOUT / "package.json"]
        step("node", lock, install_node_packages, "Installing front-end packages")
        step("assets", asset_sources(), build_assets, "Building style sheets and scripts")
        translations = sorted((CHECKOUT / "locale").glob("*/LC_MESSAGES/*.po"))
        step("translations", translations, compile_translations, "Compiling translations")
    except CannotSetUp as problem:
        print(f"\nSetup stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSetup was interrupted; run it again to go on.", file=sys.stderr)
        return 130
    return 0


def check_machine() -> None:
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST:
        raise CannotSetUp(
            f"Python 3.11 to 3.13 is needed and this is {found[0]}.{found[1]}; "
            "install one and run `make setup PYTHON=python3.11`."
        )
    if not STAMPS.exists() and shutil.disk_usage(CHECKOUT).free < NEEDED_BYTES:
        raise CannotSetUp(f"The disk of {CHECKOUT} has less than {NEEDED_BYTES // 2**30} GB left; free some space.")
    if not os.access(CHECKOUT, os.W_OK):
        raise CannotSetUp(f"{CHECKOUT} cannot be written by this user; correct its owner or use another checkout.")


def check_root_can_run() -> None:
    """What would stop the embedded PostgreSQL under root is said before a minute goes into installing.

    Errors: CannotSetUp.
    """
    if os.geteuid() != 0 or (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        return
    sys.path.insert(0, str(CHECKOUT))
    from oss_portal.engines.folder import DataFolder, EngineError
    from oss_portal.engines.system_user import system_user_prefix

    data = DataFolder().root
    there = next(folder for folder in (data, *data.parents) if folder.is_dir())
    try:
        system_user_prefix([CHECKOUT, there])
    except EngineError as problem:
        raise CannotSetUp(str(problem)) from problem


def step(name: str, sources: list[Path], work: Callable[[], None], title: str) -> None:
    """Does `work` unless its stamp says that it was done from these very sources."""
    fingerprint = hashlib.sha256(str(CHECKOUT).encode())  # an environment does not survive being moved
    for source in sources:
        if not source.exists():
            raise CannotSetUp(f"{source.relative_to(CHECKOUT)} is missing; this is not a whole checkout.")
        fingerprint.update(source.read_bytes())
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == fingerprint.hexdigest() and PYTHON.exists() and made(name):
        return
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {title}", flush=True)
    try:
        work()
        STAMPS.mkdir(parents=True, exist_ok=True)
        stamp.write_text(fingerprint.hexdigest())
    except OSError as problem:
        raise CannotSetUp(f"{title} failed: {problem.strerror or problem} ({problem.filename}).") from problem


def made(name: str) -> bool:
    """Whether what a step made is still there."""
    product = {"node": CHECKOUT / "node_modules", "assets": CHECKOUT / "static" / "dist"}.get(name)
    return product is None or product.exists()


def make_environment() -> None:
    if not STAMPS.exists() and works(PYTHON):
        return  # somebody made it by hand; it is theirs to keep
    with_pip = find_spec("ensurepip") is not None
    if not with_pip and find_spec("pip") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        raise CannotSetUp(
            f"This Python has neither ensurepip nor pip; install one of them, "
            f"such as `apt-get install python{version}-venv` or `python3-pip`, and run again."
        )
    options = [] if with_pip else ["--without-pip"]
    run([sys.executable, "-m", "venv", "--clear", *options, str(VENV)], "The Python environment was not made")
    if not with_pip:
        bring = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip"]
        run(bring, "pip could not be brought into the environment")


def works(python: Path) -> bool:
    if not os.access(python, os.X_OK):
        return False
    asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def install_packages() -> None:
    """By uv, which takes seconds; where it finds no packages, by pip, which knows the machine's settings."""
    wanted = ["--require-hashes", "-r", str(CHECKOUT / "requirements.lock")]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    try:
        run([*pip, "uv"], "uv was not installed")
        run(
            [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), *wanted],
            "uv did not succeed",
        )
    except CannotSetUp:
        # The lock names every package. Told so, pip asks for no extras, which older ones (23.0) refuse beside hashes.
        run(
            [*pip, "--no-deps", *wanted],
            "Python packages were not installed (is the network or package mirror reachable?)",
        )


def npm() -> list[str]:
    """The machine's npm when it is new enough, else the one in the environment."""
    own = VENV / "bin" / "npm"
    return [str(own) if own.exists() else shutil.which("npm") or "npm"]


def install_node_packages() -> None:
    command = [*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run(command, "Front-end packages were not installed (is the network or package mirror reachable?)")


def build_assets() -> None:
    run([*npm(), "run", "build"], "Style sheets and scripts were not built")


def compile_translations() -> None:
    run([str(PYTHON), str(CHECKOUT / "deploy" / "compile_translations.py")], "Translations were not compiled")


def asset_sources() -> list[Path]:
    folder = CHECKOUT / "frontend"
    return [CHECKOUT / "package-lock.json", *sorted(path for path in folder.rglob("*") if path.is_file())]


def run(command: list[str], failure: str) -> None:
    """Errors: CannotSetUp with `failure` and the last words of the command."""
    env = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    env.pop("PYTHONHOME", None)
    try:
        done = subprocess.run(
            command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    except FileNotFoundError as problem:
        raise CannotSetUp(f"{failure}: the program {command[0]} is missing.") from problem
    if VENV.exists():
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode:
        words = "".join(f"\n    {line}" for line in done.stdout.strip().splitlines()[-8:])
        raise CannotSetUp(f"{failure}; the whole output is in {LOG}. Its last lines:{words}")


if __name__ == "__main__":
    sys.exit(main())
