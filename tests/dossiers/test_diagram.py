from pathlib import Path

from dossiers.lifecycle.diagram import page

DOC = Path(__file__).parents[2] / "docs" / "lifecycle.md"


def test_the_documentation_shows_the_table_as_it_is():
    assert DOC.read_text() == page(), "run: .venv/bin/python manage.py draw_lifecycle > docs/lifecycle.md"
