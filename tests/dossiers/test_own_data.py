"""A person takes a copy of everything that is kept about them, and of nobody else."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.correspondence import feedback
from dossiers.correspondence.messages import write_message
from dossiers.lifecycle import execute_transition
from journal import outbox
from journal.models import Entry
from tests.factories.dossiers import DRAFT, filed_online, received
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


def copy_of(actor):
    answer = signed_in(actor).post(reverse("profile-copy"))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store, private"
    return json.loads(answer.content)


def test_a_copy_holds_what_is_kept_and_leaves_out_other_people_and_officers(cast, edition):
    now = timezone.now()
    dossier = received(cast, edition, now)
    filed_online(cast, edition, now)
    write_message(dossier, cast.citizen, "Tôi hỏi", as_applicant=True, at=now)
    feedback.file_feedback(kind="complaint", text="Chậm", dossier=dossier, by=cast.citizen, at=now)
    signed_in(cast.officer).get(reverse("dossier", args=[dossier.code]))
    outbox.dispatch_messages(at=timezone.now())
    told = copy_of(cast.citizen)
    assert told["person"]["personal_number"] == cast.person.personal_number
    assert {each["code"] for each in told["dossiers"]} >= {dossier.code}
    first = next(each for each in told["dossiers"] if each["code"] == dossier.code)
    assert first["messages"][0]["text"] == "Tôi hỏi"
    assert first["documents"]
    assert first["history"]
    assert told["feedback"][0]["text"] == "Chậm"
    assert told["looks"][0]["purpose"] == "giải quyết hồ sơ"
    assert told["notices"]
    whole = json.dumps(told, ensure_ascii=False)
    assert cast.officer.account.full_name not in whole
    assert Entry.objects.filter(verb="own_data_copied", subject=f"person:{cast.person.pk}").count() == 1
    strange = json.dumps(copy_of(cast.stranger), ensure_ascii=False)
    assert dossier.code not in strange
    assert cast.person.full_name not in strange


def test_the_number_of_queries_does_not_grow(cast, edition, django_assert_max_num_queries):
    for number in range(6):
        received(cast, edition, timezone.now(), key=f"k{number}")
    client = signed_in(cast.citizen)
    with django_assert_max_num_queries(30):
        client.post(reverse("profile-copy"))


def test_staff_have_no_record_to_copy_and_a_link_copies_nothing(cast):
    assert signed_in(cast.officer).post(reverse("profile-copy")).status_code == 302
    assert signed_in(cast.citizen).get(reverse("profile-copy")).status_code == 405


def test_what_officers_remark_to_each_other_is_not_the_applicants_to_read(cast, edition):
    now = timezone.now()
    dossier = received(cast, edition, now)
    acts = [("take", cast.officer, {}), ("attach_result", cast.officer, DRAFT)]
    acts += [(act, by, {"reason": f"Nghi vấn {act}"}) for act, by in (("verify", cast.officer), ("submit", cast.head))]
    acts += [("approve", cast.leader, {"reason": "Nghi vấn approve"})]
    for act, by, inputs in acts:
        execute_transition(dossier, act, by, at=now, **inputs)
    staff = signed_in(cast.officer).get(reverse("dossier", args=[dossier.code])).content.decode()
    assert all(f"Nghi vấn {act}" in staff for act in ("verify", "submit", "approve"))
    citizen = signed_in(cast.citizen)
    pages = [reverse("my-dossier", args=[dossier.uid]), reverse("track-dossier", args=[dossier.code])]
    read = [citizen.get(page).content.decode() for page in pages] + [json.dumps(copy_of(cast.citizen))]
    assert all(dossier.code in text for text in read)
    assert not any("Nghi vấn" in text or "Nghi v\\u1ea5n" in text for text in read)
