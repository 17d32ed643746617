"""Forty things that nobody may do, each refused, people in words: at the door, by the rule, or by the database.

One line a thing, so that the list can be read; what surrounds each is tried in the tests of its subject.
"""

import base64
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import people
from accounts.models import Account, Level, Person
from accounts.registration import RegistrationRefused, decide_claim
from digitization import uploads
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import DossierEvent
from exchange.models import ConnectedSystem, WebhookEndpoint
from exchange.webhooks.messages import record_events
from journal.audit_log import record_entry
from journal.roles import OWNER, WEB
from oss_portal.outgoing import NotAllowedOut
from papers.models import Paper
from tests.databases import acting_as
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import pdf_upload
from tests.factories.systems import Caller, connected_system, filing

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:10")


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, MORNING)


# 1–12: pages and addresses, by who comes. `who` of the cast, None for nobody; the answers that count as refused.
DOORS = [
    (1, None, "dossier", {302}),
    (2, None, "manage-staff", {302}),
    (3, "citizen", "desk", {403}),
    (4, "citizen", "dossier", {403}),
    (5, "citizen", "manage-staff", {403}),
    (6, "citizen", "reports", {403}),
    (7, "counter", "manage-staff", {403}),
    (8, "counter", "work", {403}),
    (9, "officer", "desk", {403}),
    (10, "officer", "manage-staff", {403}),
    (11, "stranger", "my-dossier", {404}),
    (12, "stranger", "paper", {404}),
]

WORDS = {403: "Bạn không được xem trang này", 404: "Không tìm thấy trang"}


@pytest.mark.parametrize(("number", "who", "name", "refused"), DOORS, ids=lambda value: str(value))
def test_doors_that_stay_shut(cast, dossier, number, who, name, refused):
    paper = Paper.objects.filter(owner=dossier.reference).first()
    values = {"dossier": [dossier.code], "my-dossier": [dossier.uid], "paper": [paper.code if paper else "x"]}
    client = signed_in(getattr(cast, who)) if who else Client()
    answer = client.get(reverse(name, args=values.get(name, [])))
    assert answer.status_code in refused
    if answer.status_code == 302:
        assert reverse("sign-in") in answer["Location"]
        return
    assert WORDS[answer.status_code] in answer.content.decode()
    if who != "citizen":
        assert cast.person.full_name not in answer.content.decode()


# 13–18: what the database refuses, whoever asks (past the roles of tests/security/test_database_roles.py).
STATEMENTS = [
    (13, "UPDATE dossiers_dossierevent SET actor = 'ai đó'"),
    (14, "DELETE FROM dossiers_dossierevent"),
    (15, "UPDATE papers_paper SET number = '99/X'"),
    (16, "DELETE FROM papers_paper"),
    (17, "UPDATE journal_entry SET actor = 'ai đó'"),
    (18, "DELETE FROM journal_entry"),
]


@pytest.mark.parametrize(("number", "statement"), STATEMENTS, ids=lambda value: str(value))
def test_history_is_not_rewritten(dossier, number, statement):
    record_entry("seen", "thing:1", by="x")
    assert DossierEvent.objects.exists()
    # The web lacks the right; who owns the tables meets a trigger.
    for role, words in ((WEB, "permission denied"), (OWNER, "Cannot update or delete")):
        refused = pytest.raises(DatabaseError, match=words)
        with refused, acting_as(role), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_19_nobody_acts_on_a_step_that_is_not_theirs(cast, dossier):
    with pytest.raises(Refused) as refused:
        execute_transition(dossier, "take", cast.citizen, at=MORNING)
    assert str(refused.value.sentence).endswith(".")


def test_20_nobody_acts_on_a_page_that_has_gone_stale(cast, dossier):
    with pytest.raises(Refused) as refused:
        execute_transition(dossier, "take", cast.officer, at=MORNING, revision=dossier.revision - 1)
    assert str(refused.value.sentence).endswith(".")


def test_21_nobody_takes_an_act_that_does_not_exist(cast, dossier):
    assert signed_in(cast.officer).get(reverse("dossier-act", args=[dossier.code, "erase"])).status_code in (403, 404)


def test_22_no_form_from_elsewhere_is_taken(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    refused = client.post(reverse("desk"), {"who": "027190000011"})
    assert refused.status_code == 403
    assert "tải lại trang rồi gửi lại" in refused.content.decode()


def test_23_no_other_site_frames_a_page(client):
    policy = client.get(reverse("home"))["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_24_signing_in_leads_to_no_other_site(client, bacninh_account, address):
    answer = client.post(
        reverse("sign-in"), {"login": bacninh_account, "password": "mot-mat-khau-2026", "next": address}
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


def test_25_a_session_from_before_is_not_the_session_after(client, bacninh_account):
    client.post(reverse("track-pin", args=["H05.160-261123-0001"]), {"pin": "x"})
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.post(reverse("sign-in"), {"login": bacninh_account, "password": "mot-mat-khau-2026"})
    assert client.session.session_key != before


def test_26_a_locked_account_is_out_at_its_next_step(cast):
    client = signed_in(cast.citizen)
    assert client.get(reverse("profile")).status_code == 200
    Account.objects.filter(pk=cast.citizen.account.pk).update(is_active=False)
    assert client.get(reverse("profile")).status_code == 302


def test_27_a_post_that_ended_opens_nothing_in_a_running_session(cast):
    client = signed_in(cast.counter)
    assert client.get(reverse("desk")).status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    cast.counter.account.posts.update(valid_from=yesterday - timedelta(days=9), valid_to=yesterday)
    led = client.get(reverse("desk"))
    assert (led.status_code, led.url) == (302, reverse("choose-post")), "where it says what happened"
    assert client.get(reverse("choose-post")).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [("đơn.pdf", b"<html><script>alert(1)</script>"), ("a.exe", b"MZ" + b"\0" * 100), ("a.pdf", b"")],
)
def test_28_no_file_is_taken_for_what_it_is_not(cast, name, content):
    with pytest.raises(uploads.UploadRefused, match=r"\.$"):
        uploads.store_file(ContentFile(content, name), name, f"dossier:{uuid.uuid4()}", cast.citizen)


def test_29_no_process_connects_to_an_address_that_nobody_configured(outside):
    import socket

    with pytest.raises(NotAllowedOut):
        socket.create_connection(("203.0.113.80", 443))
    outside.clear()


def test_30_no_number_of_a_person_stands_in_an_address(cast):
    number = cast.person.personal_number
    client = signed_in(cast.counter)
    for page in ("desk", "desk-search"):
        field = "who" if page == "desk" else "q"
        answer = client.post(reverse(page), {field: number}, follow=True)
        assert all(number not in address for address, _status in answer.redirect_chain)
        assert answer.status_code == 200


def test_31_no_system_learns_of_dossiers_by_the_list_of_its_messages(cast, dossier):
    caller = connected_system("chỉ nộp", scopes=("dossiers:file", "webhooks"))
    system = ConnectedSystem.objects.get(name="chỉ nộp")
    WebhookEndpoint.objects.create(system=system, url="https://a.example", secret="x")
    assert record_events([dossier.events.latest("id").pk]) == 1
    assert dossier.code not in caller.get("webhooks/messages/").content.decode()


def test_32_no_tick_at_a_counter_makes_an_account_somebody_elses(cast, dossier):
    account = Account.objects.create_account("027198123456", "mot-mat-khau-2026", full_name="Kẻ Mạo Danh")
    claim = Person.objects.create(
        full_name="Kẻ Mạo Danh", account=account, claimed_number="027198123456", self_declared=True, search_key="x"
    )
    person, _made = people.find_or_create_person("027198123456", full_name="Nguyễn Thị Ánh")
    with pytest.raises(RegistrationRefused, match="khác với căn cước"):
        decide_claim(person, claim, theirs=True, by=cast.counter, at=MORNING)
    account.refresh_from_db()
    assert account.level == Level.DECLARED


# 33–36: an upload that somebody began at the API, gone on with by others.
@pytest.mark.parametrize(
    ("number", "who", "method", "refused"),
    [
        (33, "system", "head", 404),
        (34, "system", "delete", 404),
        (35, "stranger", "patch", 404),
        (36, None, "head", 401),
    ],
    ids=lambda value: str(value),
)
def test_nobody_goes_on_with_an_upload_of_another(cast, number, who, method, refused):
    first, tus = connected_system("một"), {"Tus-Resumable": "1.0.0"}
    begun = first.client.post("/api/v1/uploads/", headers={**first.headers, **tus, "Upload-Length": "10"})
    assert begun.status_code == 201
    client = signed_in(cast.stranger) if who == "stranger" else Client()
    headers = {**tus, "Upload-Offset": "0", **(connected_system("hai").headers if who == "system" else {})}
    answer = getattr(client, method)(begun["Location"], content_type="application/offset+octet-stream", headers=headers)
    assert answer.status_code == refused
    assert first.client.head(begun["Location"], headers={**first.headers, **tus}).status_code == 200


def test_37_no_file_goes_by_its_name_into_a_place_of_others(cast, dossier):
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
    account = cast.citizen.account.pk
    for owner in (dossier.reference, "system:1", f"account:{account}", f"message:{dossier.uid}", "intake:1", ""):
        named = "filename YS5wZGY=,owner " + base64.b64encode(owner.encode()).decode()
        refused = signed_in(cast.stranger).post(reverse("file-upload"), headers={**tus, "Upload-Metadata": named})
        assert refused.status_code == 403, owner


def test_38_no_file_that_another_sent_is_taken_along(cast, dossier):
    sent = connected_system("một").send_file(pdf_upload()).json()["id"]
    writer = Caller(client=signed_in(cast.citizen), headers={"Accept-Language": "vi"})
    refused = writer.post(f"dossiers/{dossier.code}/messages/", {"text": "x", "files": [sent]})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_file")


def test_39_no_filing_says_what_the_portal_decides():
    caller = connected_system("một")
    for more in ({"state": 9}, {"settling_agency": 1}, {"code": "H05.1"}, {"filer": 1}, {"fee_amount": 0}):
        refused = caller.post("dossiers/", {**filing(), **more}, **{"Idempotency-Key": uuid.uuid4().hex})
        assert refused.status_code == 400
        assert next(iter(more)) in refused.json()["detail"]


def test_40_no_other_site_writes_by_the_api_in_a_session(cast, dossier):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    for kind in ("application/json", "text/plain"):
        sent = client.post(f"/api/v1/dossiers/{dossier.code}/messages/", json.dumps({"text": "x"}), content_type=kind)
        assert sent.status_code == 403


def test_41_nothing_said_twice_or_in_the_address_counts_for_another(client, bacninh_account):
    """One parser reads what was sent: a check never sees one value and what follows another."""
    right = {"login": bacninh_account, "password": "mot-mat-khau-2026"}
    asked = client.post(reverse("sign-in", query=right), {"login": "khac", "password": "sai-mat-khau"})
    assert asked.status_code == 200
    for login in (["khac", bacninh_account], [bacninh_account, "khac"]):
        sent = client.post(reverse("sign-in"), right | {"login": login})
        assert sent.status_code == (302 if login[-1] == bacninh_account else 200)
        client.post(reverse("sign-out"))


@pytest.fixture
def bacninh_account(db):
    account = Account.objects.create_account("024158999998", "mot-mat-khau-2026", full_name="Nguyễn Thị Thử")
    Person.objects.create(full_name="Nguyễn Thị Thử", account=account, search_key="x")
    return account.username
