"""What is stated of an enterprise or another body must fit its record, which a counter puts right."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import enterprises
from accounts.models import Enterprise
from accounts.organisations import find_or_create_organisation
from accounts.owner_references import owner_reference
from journal.models import Entry
from tests.factories.people import signed_in
from vietnam.decisions import FoundingDecision
from vietnam.identity import tax_check_digit

pytestmark = pytest.mark.django_db
SAID = {"date": "05/03/2019", "issuer": "Ủy ban nhân dân tỉnh Bắc Ninh", "country": "VN"}


@pytest.fixture
def known(cast) -> dict[str, Enterprise]:
    by_tax = enterprises.find_or_create_enterprise(f"239900901{tax_check_digit('239900901')}", name="Công ty Gốm Thử")[
        0
    ]
    decision = FoundingDecision.parse("12/QĐ-UBND", day=date(2019, 3, 5), issuer="UBND tỉnh Bắc Ninh")
    by_decision = find_or_create_organisation(decision, name="Hội Thử nghiệm", by=cast.counter)[0]
    return {"enterprise": by_tax, "organisation": by_decision}


@pytest.mark.parametrize("kind", ["enterprise", "organisation"])
def test_another_name_for_a_known_number_is_shown_and_put_right(cast, known, kind):
    body, counter = known[kind], signed_in(cast.counter)
    typed = {"number": body.number, "name": "Công ty Khác hẳn", **SAID}
    address = reverse("desk-new-owner", args=[kind])
    answer = counter.post(address, typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert body.name in page
    assert "Công ty Khác hẳn" in page
    assert counter.post(address, typed | {"name": body.name.upper()}).status_code == 302, "the same name in capitals"

    correct = f"{reverse('desk-body')}?owner={owner_reference(body)}"
    assert correct.split("?")[0] in page
    assert counter.post(correct, typed).status_code == 422, "by which paper is asked"
    done = counter.post(correct, typed | {"reason": "Giấy chứng nhận thay đổi lần 2"})
    assert done.status_code == 302
    body.refresh_from_db()
    assert (body.name, "khac han" in body.search_key) == ("Công ty Khác hẳn", True)
    entry = Entry.objects.get(verb="enterprise_corrected")
    assert entry.subject == f"enterprise:{body.pk}"
    assert counter.post(address, typed).status_code == 302


def test_only_a_counter_corrects_and_only_whom_a_reference_names(cast, known):
    address = reverse("desk-body")
    assert signed_in(cast.officer).get(address).status_code == 403
    assert signed_in(cast.counter).get(f"{address}?owner=e1").url == reverse("desk")
