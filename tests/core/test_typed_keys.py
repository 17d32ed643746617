"""Which row a form or an address names, whatever is written there."""

import pytest
from django.urls import reverse

from core.typed_keys import typed_key


@pytest.mark.parametrize(
    ("written", "key"),
    [("17", 17), (17, 17), ("", 0), ("x", 0), ("-1", 0), ("1.5", 0), (" 3", 0), ("²", 0), ("٣", 0), ("9" * 5000, 0)],
)
def test_a_key_or_none(written, key):
    assert typed_key(written) == key


@pytest.mark.parametrize("written", ["²", "9" * 5000])
def test_no_page_breaks_at_what_looks_like_a_number(sign_in, written):
    citizen = sign_in("024158990001")
    assert citizen.get(reverse("notices"), {"before": written}).status_code == 200
    # Digits that are the number of no state find nothing; what is no number at all is refused in words.
    assert citizen.get(reverse("api-dossiers"), {"state": written}).status_code == (200 if written[0] == "9" else 400)
    leader = sign_in("lanhdao.tuphap")
    assert leader.get(reverse("reports"), {"agency": written}).status_code == 404
    assert leader.post(reverse("manage-destruction-new"), {"agency": written}).status_code == 404
