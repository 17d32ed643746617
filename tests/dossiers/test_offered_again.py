"""What a person reads first, and what they gave once."""

import pytest
from django.urls import reverse

from accounts.models import Person
from agencies.models import Agency, Desk
from dossiers.filing import drafts
from dossiers.forms.filing import ReturnForm
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from procedures.models import Edition
from tests.factories.dossiers import filed_online
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def edition(cast) -> Edition:
    return Edition.objects.get(procedure__code="2.002516", status="published")


def test_a_refusal_stands_on_top_with_its_reason_and_what_to_do(cast, edition):
    dossier = filed_online(cast, edition, MORNING)
    execute_transition(dossier, "refuse", cast.counter, at=MORNING, reason="Không thuộc thẩm quyền của tỉnh.")
    page = signed_in(cast.citizen).get(reverse("my-dossier", args=[dossier.uid])).content.decode()
    top = page[: page.index("Thông tin hồ sơ")]
    assert top.index("Không thuộc thẩm quyền của tỉnh.") < top.index("Diễn biến")
    assert reverse("file-start", args=["2.002516"]) in top
    assert reverse("feedback-dossier", args=[dossier.code]) in top


def test_what_happened_last_comes_first(cast, edition):
    dossier = filed_online(cast, edition, MORNING)
    page = signed_in(cast.citizen).get(reverse("my-dossier", args=[dossier.uid]))
    assert page.context["latest"]["title"] == "Đã gửi hồ sơ trực tuyến"
    assert not page.context["latest"]["refused"]


def test_address_and_commune_once_given_are_offered_again(cast, edition):
    first = filed_online(cast, edition, MORNING)
    Person.objects.filter(pk=cast.person.pk).update(address="", territory=None, phone="")
    facts = {"contact_address": "9 Phố Mới", "contact_phone": "0911222333", "return_address": "Nhà 3"}
    Dossier.objects.filter(pk=first.pk).update(**facts)
    cast.person.refresh_from_db()
    again = drafts.start_draft(edition, cast.person, key="again", at=MORNING)
    assert {name: getattr(again, name) for name in facts} == facts
    assert again.answers["territory"] == cast.agency.territory.code
    form = signed_in(cast.citizen).get(reverse("file-section", args=[again.uid, "result"])).context["form"]
    assert form["address"].value() == "Nhà 3"


def test_what_one_files_for_another_is_not_offered_for_oneself(cast, edition):
    first = filed_online(cast, edition, MORNING)
    Person.objects.filter(pk=cast.person.pk).update(address="")
    Dossier.objects.filter(pk=first.pk).update(filing_ground="representative", contact_address="Công ty")
    cast.person.refresh_from_db()
    assert drafts.start_draft(edition, cast.person, key="again", at=MORNING).contact_address == ""


def test_desks_are_chosen_by_commune_and_then_by_address(cast, edition):
    draft = drafts.start_draft(edition, cast.person, key="page", at=MORNING)
    groups = [choice for choice in ReturnForm(draft).fields["desk"].choices if isinstance(choice[1], list)]
    names = [name for name, _desks in groups]
    assert len(names) == len(set(names)) == Agency.objects.valid().filter(kind=Agency.Kind.COMMUNE_CENTRE).count()
    assert sum(len(desks) for _name, desks in groups) == Desk.objects.filter(open=True).count()
    page = signed_in(cast.citizen).get(reverse("file-section", args=[draft.uid, "result"])).content.decode()
    assert "data-two-steps" in page


def test_reception_points_say_when_where_and_what(cast, client, django_assert_max_num_queries):
    cast.centre.phone = "0222 3 825 777"
    cast.centre.save(update_fields=["phone"])
    with django_assert_max_num_queries(12):
        page = client.get(reverse("places"), {"q": "kinh bac"}).content.decode()
    assert "07:30–11:30, 13:00–17:00" in page
    assert "Thứ Hai – Thứ Sáu" in page
    assert 'href="tel:02223825777"' in page
    assert "openstreetmap.org" in page
    assert "level=commune" in page
