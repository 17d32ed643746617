"""A result signed by who decides and by the agency: exactly what was approved, and nobody reads it before its issue."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from digitization import uploads
from digitization.handlers import sign_copy
from digitization.models import Derivative, Scan
from digitization.permissions import may_read_file
from digitization.signing import checks
from digitization.signing.validation import validate_signatures
from dossiers.lifecycle import Refused, execute_transition, results
from dossiers.models import DossierEvent
from papers.signing.verdicts import VALID
from tests.factories.dossiers import DRAFT, received
from tests.factories.moments import at
from tests.factories.scans import pdf_upload
from tests.factories.signing import pki_running, written_pdf
from tests.factories.systems import connected_system

DAY = at("2026-11-23 10:00")


@pytest.fixture
def pki(tmp_path, settings, cast):
    with pki_running(tmp_path, settings) as running:
        running.key(f"staff-{cast.leader.account.username}", cast.leader.account.full_name)
        agency = cast.leader.post.agency
        running.key(f"agency-{agency.code}", agency.name)
        yield running


@pytest.fixture
def dossier(cast, edition):
    made = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    execute_transition(made, "assign", cast.head, at=DAY, officer=cast.officer.post)
    return made


def to_approval(cast, dossier, **draft):
    execute_transition(dossier, "attach_result", cast.officer, at=DAY, **draft)
    execute_transition(dossier, "verify", cast.officer, at=DAY)
    execute_transition(dossier, "submit", cast.head, at=DAY)


def content(file):
    with default_storage.open(file.storage_name) as opened:
        return opened.read()


def signers(file):
    verdicts = checks.check_signatures(file, DAY)
    assert {verdict.code for verdict in verdicts} == {VALID}
    return [verdict.signer for verdict in verdicts]


def test_a_file_is_signed_as_approved_then_sealed_and_only_the_issued_one_is_the_applicants(cast, dossier, pki, client):
    pdf = written_pdf("Giay phep")
    file = uploads.store_file(ContentFile(pdf, name="du-thao.pdf"), "du-thao.pdf", dossier.reference, cast.officer)
    to_approval(cast, dossier, name="Giấy phép", file=file)
    event = execute_transition(dossier, "approve", cast.leader, at=DAY, sign=True)
    result = results.results_of(dossier).get()
    assert content(result.signed_file).startswith(pdf), "what was approved, with the signature behind it"
    assert event.facts["signed"] == [{"name": "Giấy phép", "file": result.signed_file.sha256}]
    assert result.signer == cast.leader.account.full_name
    execute_transition(dossier, "issue", cast.clerk, at=DAY, number="12/GP", issued_on=DAY.date(), seal=True)
    result.refresh_from_db()
    assert signers(result.file) == [cast.leader.account.full_name, cast.leader.post.agency.name]
    assert content(result.file).startswith(content(result.signed_file))
    assert (result.draft_file, result.number) == (file, "12/GP")
    assert result.approved_digest == results.digest_of(result), "signing changes nothing in what was approved"
    assert may_read_file(cast.citizen, result.file)
    assert not may_read_file(cast.citizen, result.signed_file)
    assert not may_read_file(cast.citizen, file)


def test_a_text_becomes_a_paper_and_a_way_back_takes_the_signature_away(cast, dossier, pki):
    to_approval(cast, dossier, **DRAFT)
    execute_transition(dossier, "approve", cast.leader, at=DAY, sign=True)
    result = results.results_of(dossier).get()
    assert result.file is None
    assert signers(result.signed_file) == [cast.leader.account.full_name]
    execute_transition(dossier, "send_back", cast.clerk, at=DAY, reason="Sai số")
    result.refresh_from_db()
    assert (result.signed_file, result.signer, result.approved_digest) == (None, "", "")


def test_what_cannot_be_signed_is_not_approved_either(cast, dossier, pki):
    to_approval(cast, dossier, **DRAFT)
    for key in pki.keys.glob("staff-*"):
        key.unlink()
    with pytest.raises(Refused) as refused:
        execute_transition(dossier, "approve", cast.leader, at=DAY, sign=True)
    assert refused.value.code == "no_key"
    dossier.refresh_from_db()
    assert dossier.step.carries == "approve"
    assert not DossierEvent.objects.filter(dossier=dossier, action="approve").exists()


def test_another_system_never_signs_in_a_persons_place(cast, dossier, pki):
    to_approval(cast, dossier, **DRAFT)
    system = connected_system("leader", post=cast.leader.post)
    path, facts = f"dossiers/{dossier.code}/approve/", {"sign": True}
    answer = system.post(path, {"revision": dossier.revision, "facts": facts})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_by_a_system")
    answer = system.post(path, {"revision": dossier.revision, "facts": {"sign": "ja"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_yes_or_no")


def test_the_page_offers_it_where_signing_is_set_up_and_says_what_a_signature_is_worth(
    cast, dossier, client, pki, settings
):
    to_approval(cast, dossier, **DRAFT)
    client.force_login(cast.leader.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[dossier.code, "approve"])
    assert 'name="sign"' in client.get(address).content.decode()
    client.post(address, {"revision": dossier.revision, "sign": "on"})
    result = results.results_of(dossier).get()
    scan = Scan.objects.get(pk=result.signed_file_id)
    scan.state, scan.facts = Scan.State.READY, {"signatures": [{"name": "Signature1", "signed": True}]}
    scan.save()
    page = reverse("file-signatures", args=[result.signed_file_id])
    assert "đang được kiểm tra" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    checks.check_signatures(result.signed_file, DAY)
    shown = client.get(page).content.decode()
    assert "Chữ ký hợp lệ" in shown
    assert cast.leader.account.full_name in shown
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    assert client.get(page).status_code == 404


def test_the_staff_sign_the_electronic_copy_of_a_scan_beside_it_and_once(cast, dossier, pki, client):
    scan = uploads.store_file(pdf_upload(), "giay.pdf", dossier.reference, cast.counter)
    execute_transition(dossier, "add_scan", cast.counter, at=DAY, scan=scan)
    Derivative.objects.create(
        file=scan, kind="pdfa", storage_name=scan.storage_name, media_type="application/pdf", size=scan.size, sha256="0"
    )
    Scan.objects.create(file=scan, state=Scan.State.READY, pages=1)
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page, ask = reverse("dossier", args=[dossier.code]), reverse("dossier-sign-copies", args=[dossier.code])
    assert ask in client.get(page).content.decode()
    assert "chưa có chữ ký số" in client.post(ask, follow=True).content.decode()
    pki.key(f"staff-{cast.counter.account.username}", cast.counter.account.full_name)
    client.post(ask)
    for _twice in range(2):
        sign_copy({"file": str(scan.pk), "post": cast.counter.post.pk})
    made = scan.derivatives.get(kind="signed")
    with default_storage.open(made.storage_name) as opened:
        assert [verdict.code for verdict in validate_signatures(opened.read())] == [VALID]
    shown = client.get(page).content.decode()
    assert ask not in shown
    assert f"{reverse('file-pdf', args=[scan.pk])}?signed=1" in shown
    assert client.get(reverse("file-pdf", args=[scan.pk]), {"signed": "1"}).status_code == 200
