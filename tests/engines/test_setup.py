"""The setup script's stamps and sentences, without the network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from oss_portal.engines.folder import CHECKOUT


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """deploy/setup.py, turned to an empty checkout with an environment that has its Python."""
    spec = importlib.util.spec_from_file_location("portal_setup", CHECKOUT / "deploy" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, path in {"CHECKOUT": ".", "VENV": ".venv", "STAMPS": ".venv/stamps", "LOG": ".venv/setup.log"}.items():
        monkeypatch.setattr(module, name, tmp_path / path)
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.touch()
    return module


def test_a_step_is_done_again_only_when_its_sources_change(setup: ModuleType, tmp_path: Path) -> None:
    lock, done = tmp_path / "lock", []
    for text, times in (("one", 1), ("one", 1), ("two", 2), ("two", 2)):
        lock.write_text(text)
        setup.step("packages", [lock], lambda: done.append(1), "Installing")
        assert len(done) == times


def test_a_failed_step_leaves_no_stamp(setup: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")

    def fail() -> None:
        setup.run(["sh", "-c", "echo the mirror is away; exit 3"], "Packages were not installed")

    for _ in range(2):
        with pytest.raises(setup.CannotSetUp, match=r"(?s)not installed; .*setup\.log.*the mirror is away"):
            setup.step("packages", [lock], fail, "Installing")


def test_a_removed_product_is_made_again(setup: ModuleType, tmp_path: Path) -> None:
    done = []
    modules = tmp_path / "node_modules"

    def install() -> None:
        done.append(1)
        modules.mkdir()

    setup.step("node", [], install, "Installing")
    setup.step("node", [], install, "Installing")
    modules.rmdir()
    setup.step("node", [], install, "Installing")
    assert len(done) == 2


def test_missing_things_are_sentences(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(setup.CannotSetUp, match="not a whole checkout"):
        setup.step("packages", [tmp_path / "absent.lock"], lambda: None, "Installing")
    with pytest.raises(setup.CannotSetUp, match="program no-such-program is missing"):
        setup.run(["no-such-program"], "It failed")
    monkeypatch.setattr(setup, "find_spec", lambda name: None)
    with pytest.raises(setup.CannotSetUp, match="neither ensurepip nor pip"):
        setup.make_environment()
    monkeypatch.setattr(setup, "NEEDED_BYTES", 2**60)
    with pytest.raises(setup.CannotSetUp, match="free some space"):
        setup.check_machine()
    monkeypatch.setattr(setup, "OLDEST", (9, 0))
    with pytest.raises(setup.CannotSetUp, match="is needed and this is"):
        setup.check_machine()
