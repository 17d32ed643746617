"""A page that is still open keeps what is typed on it: unjudged, for any device, until it is saved."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dossiers.filing import drafts
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, State
from procedures.models import Edition
from tests.factories.dossiers import complete_draft
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def edition(cast) -> Edition:
    return Edition.objects.get(procedure__code="2.002516", status="published")


@pytest.fixture
def draft(cast, edition) -> Dossier:
    return drafts.start_draft(edition, cast.person, key="page", at=MORNING)


@pytest.fixture
def me(cast) -> Client:
    return signed_in(cast.citizen)


def page_of(draft: Dossier, section: str) -> str:
    return reverse("file-section", args=[draft.uid, section])


def keep(client: Client, draft: Dossier, section: str, **fields: str):
    """As the open page saves itself: to the address that it carries."""
    address = client.get(page_of(draft, section)).context["draft_url"]
    return client.post(address, fields, headers={"X-Requested-With": "fetch"})


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("applicant", {"ground": "authorised", "owner_number": "02719", "owner_name": "Lê", "phone": "", "note": "số"}),
        ("request", {"content": "Viết dở", "territory": ""}),
        ("fee", {"quantity_item": "nhiều"}),
        ("result", {"method": "post", "address": "12 Ngô"}),
    ],
)
def test_another_device_shows_what_was_typed(me, cast, draft, section, fields):
    assert keep(me, draft, section, **fields).status_code == 204
    other = signed_in(cast.citizen).get(page_of(draft, section))
    form = other.context["form"]
    assert {name: form[name].value() for name in fields} == fields
    assert not form.errors
    draft.refresh_from_db()
    assert draft.answers.get("done") is None


def test_saving_the_page_ends_what_was_typed(me, cast, draft):
    keep(me, draft, "request", content="Viết dở")
    late = me.get(page_of(draft, "request")).context["draft_url"]
    saved = {"content": "Viết xong", "territory": cast.agency.territory.code}
    assert me.post(page_of(draft, "request"), saved).status_code == 302
    # The page's last saving by itself arrives after the page was saved.
    answer = me.post(late, {"content": "Viết dở"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 409
    assert "đã được lưu" in answer.content.decode()
    assert me.get(page_of(draft, "request")).context["form"]["content"].value() == "Viết xong"


def test_nothing_is_sent_over_answers_that_were_typed_and_not_saved(me, cast, draft):
    complete_draft(draft, cast)
    assert not drafts.missing_parts(draft)
    keep(me, draft, "request", content="Đã nghĩ lại")
    draft.refresh_from_db()
    assert [gap.section for gap in drafts.missing_parts(draft)] == ["request"]
    with pytest.raises(Refused):
        execute_transition(draft, "send", cast.citizen, at=MORNING)
    states = {item["url"]: item["state"] for item in me.get(reverse("file-tasks", args=[draft.uid])).context["items"]}
    assert states[page_of(draft, "request")] == "started"


def test_only_questions_of_the_page_are_kept_and_no_more_than_they_need(me, draft):
    keep(me, draft, "request", content="a\x00b" + "c" * 9000, state="9", owner_name="Ai đó")
    draft.refresh_from_db()
    kept = draft.answers["typed"]["request"]
    assert list(kept) == ["content"]
    assert kept["content"].startswith("abc")
    assert len(kept["content"]) == drafts.LONGEST_ANSWER
    assert (draft.state, draft.owner_name) == (State.DRAFT, draft.filer.full_name)


def test_ticks_of_the_documents_page_are_kept(me, cast, draft):
    paper = next(p for p in drafts.required_documents(draft) if p.required and not p.show_only)
    address = reverse("file-ticked", args=[draft.uid])
    assert me.post(address, {f"{paper.key}-later": "on"}).status_code == 204
    assert draft.documents.get(required_document=paper).later
    assert me.post(address, {}).status_code == 204
    assert not draft.documents.get(required_document=paper).later


def test_a_stranger_keeps_nothing_in_anothers_draft(cast, draft):
    address = reverse("file-typed", args=[draft.uid, "request"]) + "?saves=0"
    assert signed_in(cast.stranger).post(address, {"content": "x"}).status_code == 404


def test_a_sent_dossier_takes_no_more(me, cast, draft):
    execute_transition(complete_draft(draft, cast), "send", cast.citizen, at=MORNING)
    address = reverse("file-typed", args=[draft.uid, "request"]) + "?saves=1"
    answer = me.post(address, {"content": "khác"})
    assert answer.status_code == 409
    assert "đã được gửi" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["?saves=", "?saves=x", "", "?saves=99999999999"])
def test_an_address_that_makes_no_sense_leads_to_the_draft(me, draft, wrong):
    address = reverse("file-typed", args=[draft.uid, "request"]) + wrong
    assert me.post(address, {"content": "x"}).url == reverse("file-tasks", args=[draft.uid])


def test_an_expired_session_is_told_to_the_page_and_takes_nothing_away(me, draft):
    address = me.get(page_of(draft, "request")).context["draft_url"]
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    answer = me.post(address, {"content": "Viết dở"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in answer.content.decode()


def test_what_is_written_for_a_supplement_is_kept_until_it_is_answered(me, cast, asked):
    address = reverse("my-dossier-act", args=[asked.uid, "answer_supplement"])
    typed = me.get(address).context["draft_url"]
    assert me.post(typed, {"answer": "Đang viết", "revision": "1"}).status_code == 204
    form = signed_in(cast.citizen).get(address).context["form"]
    assert form["answer"].value() == "Đang viết"
    assert form["revision"].value() == asked.revision
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    lost = me.post(address, {"answer": "Viết xong", "revision": str(asked.revision)})
    back = me.post(lost.url, {"login": "027190000011", "password": "mat-khau-dai-01"}, follow=True)
    assert "Viết xong" in back.content.decode()
    assert back.context["form"]["answer"].value() == "Viết xong"
    me.post(address, {"answer": "Viết xong", "revision": str(asked.revision)})
    asked.refresh_from_db()
    assert asked.state == State.PROCESSING
    assert me.post(typed, {"answer": "muộn"}).status_code == 404
    assert "muộn" not in json.dumps(asked.answers)


@pytest.mark.parametrize("section", ["applicant", "request", "fee", "result"])
def test_every_page_of_a_filing_comes_back_filled_after_signing_in_again(me, cast, draft, section):
    fields = {
        "applicant": {"ground": "self", "phone": "0987654321", "email": "", "address": "Nơi mới"},
        "request": {"content": "Viết đã lâu", "territory": cast.agency.territory.code},
        "fee": {"quantity_item": "2"},
        "result": {"method": "post", "address": "Nơi mới"},
    }[section]
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    lost = me.post(page_of(draft, section), fields)
    back = me.post(lost.url, {"login": "027190000011", "password": "mat-khau-dai-01"}, follow=True)
    form = back.context["form"]
    assert {name: form[name].value() for name in fields} == fields
