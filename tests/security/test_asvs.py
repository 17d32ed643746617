"""docs/security/asvs.md leaves no requirement unexplained, and what it names is there."""

import re
from collections import Counter

from oss_portal.engines.folder import CHECKOUT

TEXT = (CHECKOUT / "docs" / "security" / "asvs.md").read_text()
ROWS = re.findall(r"^\| (V[\d.]+) \| ([12]) \| (\S+) \| (.+?) \| ?(.*?) ?\|$", TEXT, re.MULTILINE)
STATES = {"test": "by test", "setting": "by setting", "**gap**": "gaps", "none": "without a subject"}


def test_every_line_is_read_and_counted():
    assert len(ROWS) == len(re.findall(r"^\| V", TEXT, re.MULTILINE))
    assert len({number for number, *_rest in ROWS}) == len(ROWS)
    found = Counter(state for _number, _level, state, _what, _shown in ROWS)
    said = f"{found['test']} by test, {found['setting']} by setting, {found['**gap**']} gaps, {found['none']} without a"
    assert set(found) <= set(STATES)
    assert f"{said} subject: {len(ROWS)} requirements." in TEXT


def test_what_shows_a_line_is_there():
    sources = "".join((CHECKOUT / "oss_portal" / name).read_text() for name in ("settings.py", "deployment.py"))
    for number, _level, state, what, shown in ROWS:
        assert len(what) > 4, number
        name = shown.strip("`")
        if state == "test":
            assert name.startswith("tests/"), number
            assert (CHECKOUT / name).is_file(), number
        elif state == "setting":
            assert (CHECKOUT / name).exists() or name in sources, number
