"""A name that no operation reads is refused by name, with the names there are; nothing sent is lost without a word."""

import uuid

import pytest

from exchange.models import ConnectedSystem, WebhookEndpoint
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import pdf_upload
from tests.factories.systems import APPLICANT, connected_system, filing

pytestmark = pytest.mark.django_db


def refused(answer, *path: str) -> str:
    """The sentence at a place of a 400."""
    assert answer.status_code == 400, answer.content
    found = answer.json()["fields"]
    for name in path:
        found = found[name]
    return found[0]


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, at("2025-11-24 09:00"), limit_days="5")


@pytest.mark.parametrize(
    ("action", "sent", "path", "said"),
    [
        ("assign", {"officer": 1}, ["officer"], "Hãy gửi “officer” trong “facts”."),
        ("assign", {"fact": {"officer": 1}}, ["fact"], "Có phải “facts”? Các trường nhận: revision, facts."),
        ("assign", {"facts": {"oficer": 1}}, ["facts", "oficer"], "Có phải “officer”?"),
        ("assign", {"facts": {"wings": ""}}, ["facts", "wings"], "Không có trường “wings”."),
        ("ask_supplement", {"facts": {"items": [{"nam": "x"}]}}, ["facts", "items", "0", "nam"], "name"),
    ],
)
def test_a_fact_that_no_action_reads(cast, dossier, action, sent, path, said):
    head = connected_system("head", post=cast.head.post)
    answer = head.post(f"dossiers/{dossier.code}/{action}/", {"revision": dossier.revision, **sent})
    assert said in refused(answer, *path)
    before = dossier.revision
    dossier.refresh_from_db()
    assert dossier.revision == before


def test_every_other_operation_that_writes(cast, dossier, media):
    system = connected_system("counter", post=cast.counter.post)
    key = {"Idempotency-Key": "unknown-names-1"}
    assert "territory" in refused(system.post("dossiers/", filing(teritory="09187"), **key), "teritory")
    no_object = system.post("dossiers/", [1], **key)
    assert (no_object.status_code, "đối tượng JSON" in no_object.json()["detail"]) == (400, True)  # said in English
    inner = filing(applicant={**APPLICANT, "telephone": "0912345678"})
    assert "phone" in refused(system.post("dossiers/", inner, **key), "applicant", "telephone")
    assert refused(system.post("intakes/", {"procedures": "2.002516"}, **key), "procedures")
    here = f"dossiers/{dossier.code}"
    assert refused(system.post(f"{here}/messages/", {"text": "x", "file": []}), "file")
    assert refused(system.post(f"{here}/payments/{uuid.uuid4()}/", {"way": "x", "via": 1}), "via")
    assert refused(system.post("webhooks/", {"url": "https://x.example/", "action": []}), "action")
    caller = ConnectedSystem.objects.get(name="counter")
    hook = f"webhooks/{WebhookEndpoint.objects.create(system=caller, url='https://x.example/', secret='s').uid}"
    assert refused(system.post(f"{hook}/replay/", {"from": "2026-01-01T00:00:00Z"}), "from")
    assert refused(system.post(f"{hook}/secret/", {"secret": "mine"}), "secret")
    sent = {"file": pdf_upload(), "name": "b.pdf"}
    assert refused(system.client.post("/api/v1/files/", sent, headers=system.headers), "name")
