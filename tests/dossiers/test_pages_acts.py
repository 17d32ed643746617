"""The acts of the full table through HTTP: an opinion asked and given, a correction by two, a letter as prepared."""

import pytest

from dossiers.lifecycle import execute_transition
from dossiers.models import State
from tests.factories.dossiers import received
from tests.factories.moments import at


@pytest.fixture
def dossier(cast, edition):
    dossier = received(cast, edition, at("2026-11-16 09:00"), limit_days="30")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-16 10:00"))
    return dossier


@pytest.fixture
def as_(client):
    def signed_in(actor):
        client.force_login(actor.account)
        return client

    return signed_in


def _act(client, dossier, action, **facts):
    dossier.refresh_from_db()
    return client.post(f"/dossiers/{dossier.code}/act/{action}/", {"revision": dossier.revision, **facts})


def test_an_opinion_is_asked_on_one_page_and_given_on_another(cast, dossier, as_):
    page = as_(cast.officer).get(f"/dossiers/{dossier.code}/act/ask_opinion/")
    assert "Sở Xây dựng" in page.content.decode()
    agency = cast.consulted.post.agency
    answer = _act(as_(cast.officer), dossier, "ask_opinion", agencies=[agency.pk], question="Hợp?", limit_days="2")
    assert answer.status_code == 302
    work = as_(cast.consulted).get("/work/?view=opinions").content.decode()
    assert dossier.code in work
    assert dossier.code not in as_(cast.consulted).get("/work/?view=unit").content.decode()
    answer = _act(as_(cast.consulted), dossier, "give_opinion", view="agrees_if", answer="Có điều kiện")
    assert answer.status_code == 302
    shown = as_(cast.officer).get(f"/dossiers/{dossier.code}/").content.decode()
    assert "Có điều kiện" in shown
    assert dossier.code not in as_(cast.consulted).get("/work/?view=opinions").content.decode()


def test_a_correction_needs_a_second_person_and_says_so(cast, dossier, as_):
    assert _act(as_(cast.officer), dossier, "ask_correction", kind="limit", value="x", reason="Sai").status_code == 422
    assert _act(as_(cast.officer), dossier, "ask_correction", kind="limit", value="20", reason="Sai").status_code == 302
    assert "người thứ hai xác nhận" in as_(cast.head).get(f"/dossiers/{dossier.code}/").content.decode()
    assert _act(as_(cast.head), dossier, "confirm_correction").status_code == 302
    dossier.refresh_from_db()
    assert dossier.limit_amount == 20
    assert all(event.request_id for event in dossier.events.order_by("revision")[3:])


def test_the_letter_comes_filled_in(cast, dossier, as_):
    page = as_(cast.leader).get(f"/dossiers/{dossier.code}/act/extend/").content.decode()
    assert "Hồ sơ cần thêm thời gian ở bước" in page


def test_a_closed_waiting_of_the_table_is_no_button(cast, dossier, as_):
    for action in ("lapse", "store", "remind_collect", "answer_late"):
        assert _act(as_(cast.leader), dossier, action).status_code in (403, 409)
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("day=23/11/2026&hour=09:10&amount=1&unit=working_day", "25/11/2026"),
        ("day=13/02/2026&hour=09:10&amount=5&unit=working_day", "27/02/2026"),
        ("day=23/11/2026&hour=09:10&amount=0,5&unit=month", "không hợp với đơn vị"),
        ("day=23/11/2126&hour=09:10&amount=3&unit=calendar_day", "ngoài lịch"),
        ("day=23/11/2026&hour=25:00&amount=1&unit=working_day", "viết như 09:10"),
        ("day=23/11/2026&hour=09:00&amount=1e99999999&unit=working_day", "lớn hơn 3650"),
        ("day=x&hour=y&amount=z&unit=w", "Ngày tiếp nhận"),
    ],
)
def test_anybody_may_ask_when_something_would_be_due(cast, client, query, expected):
    page = client.get(f"/due-date/?{query}&agency={cast.agency.pk}")
    assert page.status_code == 200
    assert expected in page.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"revision": ""}, {"revision": "abc"}, {"revision": "-1"}, {"revision": "9" * 30}]
)
def test_a_page_that_lost_its_revision_says_what_to_do_and_can_be_sent_again(cast, dossier, as_, sent):
    address = f"/dossiers/{dossier.code}/act/ask_correction/"
    facts = {"kind": "content", "value": "Nội dung đúng", "reason": "Sai"}
    answer = as_(cast.officer).post(address, {**facts, **sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Hãy xem lại nội dung rồi bấm lần nữa" in page
    assert "(Trường ẩn" not in page
    assert answer.context["form"]["revision"].value() == dossier.revision
    assert not dossier.corrections.exists()
