"""Who may call what, and the one shape of every error."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver

from exchange.authentication import SCOPES
from exchange.models import ConnectedSystem
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.systems import Caller, connected_system, filing

KEY = {"Idempotency-Key": "access-0001"}


def test_a_token_is_printed_once_and_kept_as_its_hash(cast, capsys):
    call_command("connect_system", "lgsp", "--scopes", "dossiers:read", "--post", str(cast.counter.post.pk))
    token = capsys.readouterr().out.strip()
    row = ConnectedSystem.objects.get(name="lgsp")
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
    assert set(answer.json()) == {"code", "message"}


def test_a_token_taken_back_is_worth_nothing(counter_system):
    ConnectedSystem.objects.update(active=False)
    assert counter_system.get("dossiers/").status_code == 401


def test_each_scope_opens_its_own_door(cast, edition):
    code = received(cast, edition, at("2026-11-23 09:10"), limit_days="5").code
    for scope in SCOPES:
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
    assert set(unseen.json()) == {"code", "message"}


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
