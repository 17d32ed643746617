"""What belongs to a dossier besides its state, over HTTP: messages, payments, results; and headers that make repeating
harmless."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierMessage, State
from exchange.models import WebhookEndpoint
from exchange.selection import FIELDS
from payments.models import Charge
from tests.factories.dossiers import received, to_result
from tests.factories.moments import at
from tests.factories.scans import PDF, pdf_upload
from tests.factories.systems import SCOPES, Caller, connected_system, filing, sent_documents

KEY = {"Idempotency-Key": "case-0001"}


@pytest.fixture
def portal_system(cast) -> Caller:
    """A system without a post, that files for people and follows what it filed."""
    return connected_system("portal of a bank", scopes=SCOPES)


@pytest.fixture
def filed(portal_system, edition) -> Dossier:
    sent = sent_documents(portal_system, edition)
    answer = portal_system.post("dossiers/", filing(documents=sent), **KEY)
    assert answer.status_code == 201, answer.json()
    return Dossier.objects.get(code=answer.json()["code"])


def accepted(cast, dossier: Dossier, **facts) -> Dossier:
    facts = {"limit_days": "5", "fee": 0, "fee_ground": "Miễn", **facts}
    execute_transition(dossier, "accept", cast.counter, at=timezone.now(), **facts)
    dossier.refresh_from_db()
    return dossier


def test_both_sides_write_and_read_messages(cast, portal_system, filed):
    counter = connected_system("counter", post=cast.counter.post)
    path = f"dossiers/{filed.code}/messages/"
    file = portal_system.send_file(pdf_upload()).json()["id"]
    asked = portal_system.post(path, {"text": "Khi nào xong?", "files": [file]}, **KEY)
    assert asked.status_code == 201, asked.json()
    assert asked.json()["from_applicant"] is True
    assert portal_system.post(path, {"text": "Khi nào xong?", "files": [file]}, **KEY).json() == asked.json()
    assert DossierMessage.objects.count() == 1, "the key makes it once"
    assert portal_system.post(path, {"text": "Khác"}, **KEY).status_code == 409
    assert counter.post(path, {"text": "Thứ Hai."}).status_code == 201
    shown = portal_system.get(path).json()
    assert [(each["from_applicant"], each["text"]) for each in shown] == [(True, "Khi nào xong?"), (False, "Thứ Hai.")]
    assert counter.get(f"files/{file}/").status_code == 200
    assert portal_system.post(path, {"text": "x", "files": [file]}).json()["field"] == "files"
    assert connected_system("other", scopes=SCOPES).get(path).status_code == 404


def test_who_filed_answers_withdraws_and_reads_the_result(cast, portal_system, filed):
    now = timezone.now()
    execute_transition(filed, "ask_completion", cast.counter, at=now, items=[{"name": "Bản vẽ"}], reason="Mờ")
    page = portal_system.get(f"dossiers/{filed.code}/").json()
    assert {"answer_supplement", "withdraw"} <= {action["action"] for action in page["actions"]}
    answer = portal_system.post(
        f"dossiers/{filed.code}/answer_supplement/", {"revision": page["revision"], "facts": {"answer": "Đã gửi"}}
    )
    assert answer.status_code == 200, answer.json()
    filed.refresh_from_db()
    to_result(cast, accepted(cast, filed), now)
    (result,) = portal_system.get(f"dossiers/{filed.code}/results/").json()
    assert (result["number"], len(result["files"])) == ("12/GP-UBND", 1)
    content = portal_system.get(f"files/{result['files'][0]}/")
    assert b"".join(content.streaming_content) == PDF
    other = connected_system("other", scopes=SCOPES)
    assert other.get(f"files/{result['files'][0]}/").status_code == 404
    assert other.get(f"dossiers/{filed.code}/results/").status_code == 404


def test_what_is_owed_is_paid_online(cast, portal_system, filed, settings):
    settings.BANK_URL, settings.BANK_SECRET = "http://127.0.0.1:9", "bi-mat"
    accepted(cast, filed, fee=50_000, fee_ground="Nghị quyết của Hội đồng nhân dân tỉnh")
    path = f"dossiers/{filed.code}/payments/"
    (owed,) = portal_system.get(path).json()
    assert (owed["amount"], owed["settled_at"], bool(owed["ways"])) == (50_000, None, True)
    begun = portal_system.post(f"{path}{owed['id']}/", {"way": owed["ways"][0]}, **KEY)
    assert begun.status_code == 200, begun.json()
    assert begun.json()["qr"].startswith("000201")
    assert portal_system.post(f"{path}{owed['id']}/", {"way": owed["ways"][0]}, **KEY).json() == begun.json()
    assert portal_system.post(f"{path}{owed['id']}/", {"way": "gold"}).json()["code"] == "unknown_way"
    officer = connected_system("officer", post=cast.officer.post)
    assert officer.post(f"{path}{owed['id']}/", {"way": owed["ways"][0]}).status_code == 403
    assert Charge.objects.count() == 1


def test_an_action_repeated_with_its_key_is_done_once(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:10"), limit_days="5")
    head = connected_system("head", post=cast.head.post)
    path, facts = f"dossiers/{dossier.code}/assign/", {"officer": cast.officer.post.pk}
    body = {"revision": dossier.revision, "facts": facts}
    first, again = head.post(path, body, **KEY), head.post(path, body, **KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert dossier.events.filter(action="assign").count() == 1
    assert head.post(f"dossiers/{dossier.code}/remind/", body, **KEY).status_code == 409


def test_a_dossier_has_an_etag(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:10"), limit_days="5")
    head = connected_system("head", post=cast.head.post)
    read = head.get(f"dossiers/{dossier.code}/")
    tag = read.headers["ETag"]
    assert head.get(f"dossiers/{dossier.code}/", **{"If-None-Match": tag}).status_code == 304
    path, facts = f"dossiers/{dossier.code}/assign/", {"officer": cast.officer.post.pk}
    stale = head.post(path, {"facts": facts}, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")
    assert "revision" in head.post(path, {"facts": facts}).json()["fields"]
    done = head.post(path, {"facts": facts}, **{"If-Match": tag})
    assert done.status_code == 200
    assert done.headers["ETag"] != tag
    assert head.get(f"dossiers/{dossier.code}/", **{"If-None-Match": tag}).status_code == 200


def test_answers_hold_the_fields_that_were_asked_for(cast, edition, anybody):
    dossier = received(cast, edition, at("2026-11-02 09:10"), limit_days="5")
    head = connected_system("head", post=cast.head.post)
    asked = {FIELDS.name: "code,state"}
    assert set(head.get("dossiers/", asked).json()["results"][0]) == {"code", "state"}
    assert set(head.get(f"dossiers/{dossier.code}/", asked).json()) == {"code", "state"}
    unknown = head.get("dossiers/", {FIELDS.name: "code,secret"})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "fields")


def test_agencies_are_read_by_anybody(cast, anybody):
    assert anybody.get("agencies/", {"kind": "none"}).status_code == 400, "no empty list for a mistake"
    found = anybody.get("agencies/", {"kind": "commune_centre", "fields": "code,name"}).json()
    assert found["results"]
    assert set(found["results"][0]) == {"code", "name"}


def test_a_webhook_added_again_with_its_key_is_one(cast):
    system = connected_system("told", scopes=SCOPES)
    body = {"url": "http://127.0.0.1:9/hook"}
    first, again = system.post("webhooks/", body, **KEY), system.post("webhooks/", body, **KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert WebhookEndpoint.objects.count() == 1
    uid = first.json()["id"]
    turned = system.post(f"webhooks/{uid}/secret/", {}, **KEY).json()["secret"]
    assert turned != first.json()["secret"]
    assert system.post(f"webhooks/{uid}/secret/", {}, **KEY).json()["secret"] == turned


def test_a_file_sent_again_with_its_key_is_one(cast, portal_system):
    first, again = (portal_system.send_file(pdf_upload(), **KEY) for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_a_system_that_may_only_read_does_not_write(cast, filed):
    reader = connected_system("reader", scopes=("dossiers:read",), post=cast.counter.post)
    assert reader.get(f"dossiers/{filed.code}/messages/").status_code == 200
    assert reader.post(f"dossiers/{filed.code}/messages/", {"text": "x"}).status_code == 403
    assert filed.state == State.FILED


def test_the_page_of_the_api_loads_nothing_from_outside(cast, anybody):
    page = anybody.client.get(reverse("api-docs"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "swagger-ui-bundle" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"].split("style-src")[0]
    assert anybody.client.get(reverse("api-docs"), {"script": ""}).status_code == 200
