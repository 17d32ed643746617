"""A supervisor sees figures; a person's data only after opening the case with a reason, which the person sees."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Look
from accounts.people import merge_people
from accounts.permissions import may
from core.refusals import Refused
from dossiers.access.openings import open_case
from dossiers.models import CaseOpening
from journal.kept import kept_models
from tests.factories.dossiers import opened_for, received
from tests.factories.people import signed_in, staff_actor
from tests.factories.systems import connected_system

pytestmark = pytest.mark.django_db
REASON = "Kế hoạch kiểm tra số 12/KH-UBND"


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, timezone.now())


def personal(cast, dossier):
    """What must not be seen: name, number, telephone, address of the person, and what they asked for."""
    person = cast.person
    return [person.full_name, person.personal_number, dossier.contact_phone, "Nguyễn Gia Thiều", dossier.content]


def pages_of(dossier):
    return [
        reverse("dossier", args=[dossier.code]),
        reverse("dossier-messages", args=[dossier.code]),
        reverse("dossier-act", args=[dossier.code, "remind"]),
        reverse("reports"),
        f"{reverse('reports-list')}?measure=received&period=this_month",
        reverse("folders-missing"),
        f"{reverse('folder-find')}?code={dossier.code}",
    ]


def test_before_opening_no_page_shows_anything_of_a_person(cast, dossier):
    client = signed_in(cast.supervisor)
    for address in pages_of(dossier):
        page = client.get(address).content.decode()
        for marker in filter(None, personal(cast, dossier)):
            assert marker not in page, address
    assert client.get(reverse("dossier", args=[dossier.code])).status_code == 200
    assert client.get(reverse("registers")).status_code == 403
    export = b"".join(
        client.get(f"{reverse('reports-export')}?measure=received&period=this_month").streaming_content
    ).decode()
    assert dossier.code in export
    assert cast.person.full_name not in export
    api = client.get(f"/api/v1/dossiers/{dossier.code}/")
    assert api.status_code == 404
    assert not client.get("/api/v1/dossiers/").json()["results"]


def test_the_page_of_a_closed_case_shows_its_course(cast, dossier):
    page = signed_in(cast.supervisor).get(reverse("dossier", args=[dossier.code])).content.decode()
    for shown in (dossier.code, cast.agency.name, "Mở hồ sơ để giám sát", dossier.edition.title):
        assert shown in page


@pytest.mark.parametrize("reason", ["", "   ", "kiểm tra", "x" * 14])
def test_without_a_reason_it_stays_closed(cast, dossier, reason):
    answer = signed_in(cast.supervisor).post(reverse("dossier-open", args=[dossier.code]), {"reason": reason})
    assert answer.status_code == 422
    assert "Hãy nêu rõ lý do" in answer.content.decode()
    assert not CaseOpening.objects.exists()


def test_with_a_reason_it_opens_for_a_time_and_the_person_reads_why(cast, dossier, settings):
    client = signed_in(cast.supervisor)
    address = reverse("dossier", args=[dossier.code])
    assert client.post(reverse("dossier-open", args=[dossier.code]), {"reason": REASON}).status_code == 302
    assert cast.person.full_name in client.get(address).content.decode()
    assert client.get(f"/api/v1/dossiers/{dossier.code}/").status_code == 200
    assert [each["code"] for each in client.get("/api/v1/dossiers/").json()["results"]] == [dossier.code]
    listed = client.get(f"{reverse('reports-list')}?measure=received&period=this_month").content.decode()
    assert cast.person.full_name in listed
    seen = signed_in(cast.citizen).get(reverse("profile-looks")).content.decode()
    assert REASON in seen
    assert dossier.code in seen
    assert cast.supervisor.account.full_name not in seen
    past = timezone.now() - timedelta(days=settings.CASE_OPEN_DAYS, hours=1)
    other = staff_actor("giamsat2", cast.agency, "supervisor")
    open_case(dossier, reason=REASON, by=other, at=past)
    assert not may(other, "view", dossier)
    assert cast.person.full_name not in signed_in(other).get(address).content.decode()


def test_one_supervisors_opening_opens_nothing_for_another(cast, dossier):
    opened_for(cast.supervisor, dossier)
    other = staff_actor("giamsat2", "office", "supervisor")
    assert may(cast.supervisor, "view", dossier)
    assert not may(other, "view", dossier)


def test_nobody_else_opens_cases(cast, dossier):
    for actor in (cast.officer, cast.counter, cast.leader, cast.citizen):
        with pytest.raises(Refused):
            open_case(dossier, reason=REASON, by=actor, at=timezone.now())
    assert signed_in(cast.leader).post(reverse("dossier-open", args=[dossier.code])).status_code == 403
    assert (
        signed_in(cast.supervisor).post(reverse("dossier-open", args=["H05.x"]), {"reason": REASON}).status_code == 404
    )


def test_the_database_wants_a_reason_and_keeps_what_was_opened(cast, dossier):
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseOpening.objects.create(
            dossier=dossier, account=cast.supervisor.account, post=cast.supervisor.post, reason="",
            opened_at=timezone.now(), until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    assert {CaseOpening, Look} <= {model for model, _promise in kept_models()}


def looks():
    return list(Look.objects.order_by("id").values_list("person__full_name", "purpose", "record"))


def test_who_opens_a_dossier_is_recorded_once_a_day(cast, dossier):
    address = reverse("dossier", args=[dossier.code])
    for _time in range(2):
        signed_in(cast.officer).get(address)
    signed_in(cast.counter).get(address)
    name = cast.person.full_name
    assert looks() == [(name, "processing", dossier.reference), (name, "reception", dossier.reference)]
    signed_in(cast.citizen).get(reverse("my-dossier", args=[dossier.uid]))
    signed_in(cast.stranger).get(reverse("my-dossier", args=[dossier.uid]))
    assert len(looks()) == 2, "what people see of themselves is no look, nor what is refused"


def test_systems_exports_searches_and_records_of_people_are_looks_too(cast, dossier):
    assert connected_system("lgsp", post=cast.counter.post).get(f"dossiers/{dossier.code}/").status_code == 200
    signed_in(cast.head).get(f"{reverse('reports-export')}?measure=received&period=this_month")
    desk = signed_in(cast.counter)
    desk.post(reverse("desk"), {"who": cast.person.personal_number}, follow=True)
    desk.get(reverse("counter-person", args=[cast.person.pk]))
    purposes = {purpose for _name, purpose, _record in looks()}
    assert purposes >= {"export", "reception", "identity"}
    page = signed_in(cast.citizen).get(reverse("profile-looks")).content.decode()
    for said in ("lập danh sách", "tiếp nhận", "xác thực, đính chính", cast.agency.name):
        assert said in page


def test_looks_at_a_merged_record_are_shown_to_who_it_was_merged_into(cast, dossier):
    signed_in(cast.officer).get(reverse("dossier", args=[dossier.code]))
    cast.person.account = None
    cast.person.save(update_fields=["account"])
    into = cast.stranger.account.person
    merge_people(cast.person, into=into, by=cast.counter, reason="Cùng một người", at=timezone.now())
    assert dossier.code in signed_in(cast.stranger).get(reverse("profile-looks")).content.decode()


def test_staff_without_a_person_have_no_such_page(cast):
    assert signed_in(cast.officer).get(reverse("profile-looks")).status_code == 302


def test_masked_exports_are_whole_otherwise(cast, dossier):
    export = signed_in(cast.supervisor).get(f"{reverse('reports-export')}?measure=received&period=this_month")
    rows = list(csv.reader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig"))))
    assert rows[1][0] == dossier.code
    assert rows[1][1] == "•••"
