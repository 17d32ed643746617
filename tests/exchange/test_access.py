"""Who may call what, and the one shape of every error."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from core.refusals import Refused
from dossiers.models import DossierEvent
from exchange import systems
from exchange.models import ConnectedSystem
from exchange.systems import ON_BEHALF, SCOPES
from journal.models import Entry
from tests.accounts.helpers import refused
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import pdf_upload
from tests.factories.systems import MEMBERS, Caller, connected_system, filing

KEY = {"Idempotency-Key": "access-0001"}


def test_a_token_is_printed_once_and_kept_as_its_hash(cast, capsys):
    call_command("connect_system", "lgsp", "--scopes", "dossiers:read", "--post", str(cast.counter.post.pk))
    printed = capsys.readouterr()
    token, row = printed.out.strip(), ConnectedSystem.objects.get(name="lgsp")
    assert row.client_id in printed.err, "and what it is exchanged with for a short-lived one"
    assert token not in row.token_sha256
    caller = Caller({"Authorization": f"Bearer {token}"})
    assert caller.get("dossiers/").status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None
    call_command("connect_system", "lgsp", "--scopes", "dossiers:read")
    assert caller.get("dossiers/").status_code == 401, "a new token ends the old one"
    with pytest.raises(CommandError):
        call_command("connect_system", "x", "--post", "999999")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"}])
def test_without_a_good_token_there_is_401(db, header):
    answer = Caller(header).get("dossiers/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == MEMBERS
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_session_alone_changes_nothing_without_the_token_of_a_form(cast):
    """The browser sends the session along wherever the call comes from; the token only our own pages have."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    assert browser.get("/api/v1/dossiers/").status_code == 200
    for address in ("/api/v1/dossiers/", "/api/v1/files/", "/api/v1/webhooks/"):
        refused = browser.post(address, {}, content_type="application/json")
        assert refused.status_code == 403
        assert "CSRF" in refused.json()["detail"]


def test_a_token_taken_back_is_worth_nothing(counter_system):
    ConnectedSystem.objects.update(active=False)
    assert counter_system.get("dossiers/").status_code == 401


def test_each_scope_opens_its_own_door(cast, edition):
    code = received(cast, edition, at("2026-11-23 09:10"), limit_days="5").code
    for scope in (each for each in SCOPES if each != ON_BEHALF):
        caller = connected_system(scope, scopes=(scope,), post=cast.counter.post)
        opened = {
            "dossiers:read": caller.get(f"dossiers/{code}/").status_code != 403,
            "dossiers:act": caller.post(f"dossiers/{code}/remind/", {"revision": 0}).status_code == 409,
            "dossiers:file": caller.post("dossiers/", filing(), **KEY).status_code != 403,
        }
        assert opened == {name: name == scope for name in opened}
        assert caller.get("procedures/").status_code == 200, "what anybody may read, a system may"


def test_a_system_sees_what_its_post_sees(cast, edition, filing_system):
    code = received(cast, edition, at("2026-11-23 09:10"), limit_days="5").code
    inside = connected_system("inside", post=cast.officer.post)
    postless = connected_system("postless")
    assert inside.get(f"dossiers/{code}/").status_code == 200
    assert [row["code"] for row in inside.get("dossiers/").json()["results"]] == [code]
    assert postless.get("dossiers/").json()["results"] == []
    unseen = postless.get(f"dossiers/{code}/")
    assert unseen.status_code == 404
    assert set(unseen.json()) == MEMBERS


def test_a_citizen_signed_in_reads_their_own(cast, edition):
    code = received(cast, edition, at("2026-11-23 09:10"), limit_days="5").code
    for actor, expected in ((cast.citizen, 200), (cast.stranger, 404)):
        caller = Caller()
        caller.client.force_login(actor.account)
        assert caller.get(f"dossiers/{code}/").status_code == expected


def test_a_citizen_files_for_themselves_only(cast, edition):
    caller = Caller()
    caller.client.force_login(cast.stranger.account)
    answer = caller.post("dossiers/", filing(), **KEY)
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_yours"


def test_too_many_calls_wait_for_the_next_minute(anybody, settings):
    settings.LIMITS = settings.LIMITS | {"api-public": (3, 60)}
    answers = [anybody.get("procedures/") for _n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_every_address_of_the_api_says_who_may_come():
    views = [p.callback for p in _patterns(get_resolver().url_patterns) if (p.name or "").startswith("api-")]
    assert len(views) >= 9
    assert all(view.view_class.audience for view in views)


def _patterns(found):
    for pattern in found:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def test_a_system_acts_as_itself_and_in_a_posts_place_only_by_scope(cast, edition):
    code = received(cast, edition, at("2026-11-23 09:10"), limit_days="5").code
    caller = connected_system("phần mềm một cửa", post=cast.officer.post)
    detail = caller.get(f"dossiers/{code}/").json()
    answer = caller.post(f"dossiers/{code}/take/", {"revision": detail["revision"]})
    assert answer.status_code == 200, answer.json()
    event = DossierEvent.objects.filter(dossier__code=code).order_by("revision").last()
    assert (event.system, event.account, event.post) == ("phần mềm một cửa", None, cast.officer.post)
    assert event.actor.startswith("phần mềm một cửa (thay vị trí")
    assert cast.officer.account.full_name not in event.actor
    with pytest.raises(IntegrityError, match="a_post_only_by_scope"), transaction.atomic():
        ConnectedSystem.objects.create(name="y", token_sha256="y", scopes=["dossiers:act"], post=cast.officer.post)
    with pytest.raises(IntegrityError, match="a_post_only_by_scope"), transaction.atomic():
        ConnectedSystem.objects.create(name="z", token_sha256="z", scopes=["posts:act"])


def end_post(cast):
    StaffPost.objects.filter(pk=cast.officer.post.pk).update(valid_from="2020-01-01", valid_to="2020-02-01")


def lock_account(cast):
    Account.objects.filter(pk=cast.officer.account.pk).update(is_active=False)


def expire_token(cast):
    ConnectedSystem.objects.update(expires_at=at("2020-01-01 00:00"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(end_post, "đã kết thúc"), (lock_account, "bị khóa"), (expire_token, "đã hết hạn")],
)
def test_every_request_asks_whether_token_post_and_account_hold_now(cast, change, sentence):
    caller = connected_system("software", post=cast.officer.post)
    assert caller.get("dossiers/").status_code == 200
    change(cast)
    for answer in (
        caller.get("dossiers/"),
        caller.get("dossiers/x/"),
        caller.post("dossiers/x/take/", {"revision": 0}),
        caller.post("dossiers/", {}, **KEY),
        caller.post("intakes/", {}, **KEY),
    ):
        assert answer.status_code == 401
        assert sentence in answer.json()["message"]


def filed_by(caller, edition) -> str:
    """The code of a dossier that the system has filed."""
    documents = [
        {"key": paper.key, "file": caller.send_file(pdf_upload()).json()["id"]}
        for paper in edition.documents.all()
        if paper.required and not paper.show_only
    ]
    answer = caller.post("dossiers/", filing(documents=documents), **KEY)
    assert answer.status_code == 201, answer.json()
    return answer.json()["code"]


def test_a_system_without_a_post_sees_what_it_filed_and_no_more(cast, edition):
    filing_system = connected_system("national portal", scopes=("dossiers:file", "dossiers:read"))
    received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    filed = filed_by(filing_system, edition)
    other = connected_system("another")
    assert [row["code"] for row in filing_system.get("dossiers/").json()["results"]] == [filed]
    assert filing_system.get(f"dossiers/{filed}/").status_code == 200
    assert other.get("dossiers/").json()["results"] == []
    assert other.get(f"dossiers/{filed}/").status_code == 404


def test_connecting_and_disconnecting_is_on_record(cast):
    by, now = Actor(system="thử"), timezone.now()
    connected, token = systems.connect_system("lgsp", scopes=["dossiers:read"], post=None, days=30, by=by, at=now)
    assert systems.system_of_token(token.encode(), at=now) == connected
    systems.disconnect_system(connected, by=by)
    with refused(Refused, "bad_token"):
        systems.system_of_token(token.encode(), at=now)
    verbs = Entry.objects.filter(subject=f"system:{connected.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["system_connected", "system_disconnected"]
    for wrong, code in (
        ({"scopes": ["x"]}, "unknown_scope"),
        ({"scopes": ["posts:act"]}, "post_and_scope"),
        ({"post": cast.officer.post}, "post_and_scope"),
        ({"days": 9999}, "bad_days"),
    ):
        with refused(Refused, code):
            systems.connect_system("w", **{"scopes": [], "post": None, "days": 3, **wrong}, by=by, at=now)
