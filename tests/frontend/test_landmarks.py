"""Each landmark of a page has a name of its own, so that people who jump from one to the next know where they are."""

import re
from collections import Counter

from django.conf import settings

_LANDMARK = re.compile(r'<section[^>]* aria-labelledby="([^"]+)"|role="region"[^>]* aria-labelledby="([^"]+)"')


def test_no_two_landmarks_of_a_template_share_a_heading():
    shared = {}
    for path in settings.BASE_DIR.glob("templates/**/*.html"):
        names = Counter(first or second for first, second in _LANDMARK.findall(path.read_text()))
        if twice := [name for name, times in names.items() if times > 1]:
            shared[path.name] = twice
    assert shared == {}
