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
