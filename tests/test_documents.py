"""What the documents for developers point at is there: files, functions in them, pages they link to."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
GUIDE = (CHECKOUT / "CONTRIBUTING.md").read_text()
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
# `path/of/file.py`, `path/of/file.py: function` or `path/of/folder/`
_NAMED = re.compile(r"`((?:[\w.<>-]+/)*[\w<>-]*(?:/|\.(?:py|yaml|md|json|toml|html|js)))(?:: (\w+))?`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_OURS = ("accounts", "agencies", "bench", "core", "demo", "deploy", "digitization", "docs", "dossiers", "exchange",
         "findings", "frontend", "journal", "locale", "notices", "oss_portal", "papers", "payments", "procedures",
         "reports", "simulators", "templates", "tests", "vietnam")  # fmt: skip


@pytest.fixture(scope="module")
def places() -> list[str]:
    """Every file and folder of the project, folders with a stroke at their end; each begins with one."""
    found = [path for top in _OURS for path in (CHECKOUT / top).rglob("*") if "__pycache__" not in path.parts]
    found += [*(CHECKOUT / top for top in _OURS), *CHECKOUT.glob("*.*")]
    return [f"/{path.relative_to(CHECKOUT)}{'/' if path.is_dir() else ''}" for path in found]


def test_every_place_in_the_guide_is_there(places):
    named = [(path, function) for path, function in _NAMED.findall(GUIDE)]
    assert len(named) > 100
    for path, function in named:
        fits = re.compile("/" + re.sub(r"<\w+>", r"[\\w-]+", path.replace(".", r"\.")) + r"\Z")
        found = [place for place in places if fits.search(place)]
        assert found, f"CONTRIBUTING.md names {path}, which is not there"
        if function:
            texts = [(CHECKOUT / place[1:]).read_text() for place in found]
            assert any(re.search(rf"\b(def|class) {function}\b", text) for text in texts), f"{path} has no {function}"


@pytest.mark.parametrize("app", ["dossiers", "procedures"])
def test_an_app_has_few_entries_at_its_top_and_each_says_what_it_is(app):
    entries = [path for path in (CHECKOUT / app).iterdir() if path.name not in ("__pycache__", "__init__.py")]
    assert len(entries) <= 25, "put a new subject into a package"


def test_the_guide_says_where_at_least_twenty_changes_are_made():
    table = GUIDE.partition("## Where do I change")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    assert all("`" in row or "data:" in row for row in rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_lead_somewhere(page):
    links = [link for link in _LINK.findall(page.read_text()) if "://" not in link and not link.startswith("mailto:")]
    assert not [link for link in links if not (page.parent / link).exists()]


def test_no_test_takes_from_another_test_or_a_conftest():
    others = r"(?:test_\w+|conftest)\b"
    taking = re.compile(rf"^from tests(?:\.\w+)*(?:\.{others} import| import [\w, ]*\b{others})", re.MULTILINE)
    assert taking.search("from tests.test_one import two")
    assert taking.search("from tests.papers import test_one")
    assert [path.name for path in (CHECKOUT / "tests").rglob("*.py") if taking.search(path.read_text())] == []
