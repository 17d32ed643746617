"""Numbers are written for people with separators ("1.234"); what programs read back from a page must be without."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# A key, a revision or a place in a list that is written as it stands, whichever name leads to it.
READ_BACK = re.compile(r"\{\{ (?:[\w.]+\.)?(?:pk|revision|next_before|next_after)(?:\|(?!stringformat)\w+[^}]*)? \}\}")
FIELD_OF_A_FORM = "head.revision"


def test_keys_and_revisions_carry_no_separator():
    templates = list(TEMPLATES.rglob("*.html"))
    assert len(templates) > 200
    found = {
        str(template.relative_to(TEMPLATES)): each
        for template in templates
        for each in READ_BACK.findall(template.read_text())
        if FIELD_OF_A_FORM not in each
    }
    assert not found, "write them with |stringformat:'d'"


# `{% with item=row.pk|stringformat:"d" %}` makes a text; formatted once more as a number it is written as nothing.
WRITTEN_AS_TEXT = re.compile(r"""(?:with|\s)(\w+)=[\w.]+\|stringformat:["']d["']""")


def test_what_was_written_out_is_not_taken_for_a_number_again():
    """The form that keeps a dossier from being destroyed sent no key, and did nothing."""
    found = []
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        again = [name for name in WRITTEN_AS_TEXT.findall(text) if re.search(rf"\{{\{{ {name}\|stringformat", text)]
        found += [f"{template.relative_to(TEMPLATES)}: {name}" for name in again]
    assert not found, "write the name as it stands"
