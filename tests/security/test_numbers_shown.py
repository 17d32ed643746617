"""Who sees the number of a person, page by page and export by export: a table, and nobody else anywhere in it."""

import io
import zipfile
from collections import defaultdict

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.owner_references import owner_reference
from core.sealed_numbers import masked_number
from tests.factories.dossiers import opened_for, received
from tests.factories.people import signed_in, staff_actor
from vietnam.documents import DocumentKind, IdentityDocument

STAFF = ("counter", "officer", "head", "leader", "clerk")
SEEN = {  # what is not named is seen by nobody
    "profile": {"citizen"},
    "profile-copy": {"citizen"},
    "counter-person": {"counter"},
    "desk": {"counter"},
    "dossier": {*STAFF, "supervisor who opened it"},  # while its filer is unproven: the card is compared
}
LISTS = (
    "work", "work-search", "work-messages", "work-feedback", "desk-inbox", "desk-returns", "desk-search", "registers",
    "documents", "folders-missing", "hand-over-records", "reports", "reports-people", "reports-causes",
    "reports-table-xlsx", "recalculations", "money", "money-strays", "manage-staff", "notices", "my-dossiers",
    "my-documents", "profile",
)  # fmt: skip


def said(client: Client, address: str) -> str:
    """Everything that an answer says, workbooks unpacked; nothing where one may not enter."""
    answer = client.post(address) if address == reverse("profile-copy") else client.get(address)
    if answer.status_code != 200:
        return ""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


@pytest.mark.django_db
def test_numbers_are_shown_to_whom_the_table_names(cast, edition):
    proven, unproven = (received(cast, edition, timezone.now(), key=key) for key in ("a", "b"))
    number = cast.person.personal_number
    Person.objects.filter(pk=cast.person.pk).update(phone="", email="", search_key="x")
    other = Person.objects.create(full_name="Thảo", search_key="x", claimed_number="027198123456", self_declared=True)
    type(unproven).objects.filter(pk=unproven.pk).update(filer=other, owner_person=other)
    type(unproven).objects.filter(pk=proven.pk).update(contact_email="")
    roles = {name: getattr(cast, name) for name in (*STAFF, "citizen", "stranger", "supervisor", "consulted")}
    roles["supervisor who opened it"] = staff_actor("giamsat2", cast.agency, "supervisor")
    roles |= {role: staff_actor(f"{role}.so", "office", role) for role in ("administrator", "controller")}
    for dossier in (proven, unproven):
        opened_for(roles["supervisor who opened it"], dossier)
    pages = [(name, reverse(name)) for name in LISTS]
    pages += [("dossier", reverse("dossier", args=[each.code])) for each in (proven, unproven)]
    pages += [("dossier-messages", reverse("dossier-messages", args=[each.code])) for each in (proven, unproven)]
    pages += [(name, f"{reverse(name)}?measure=received") for name in ("reports-list", "reports-export")]
    pages += [
        ("desk", f"{reverse('desk')}?owner={owner_reference(cast.person)}"),
        ("api-dossiers", "/api/v1/dossiers/"),
    ]
    pages += [("counter-person", reverse("counter-person", args=[each.pk])) for each in (cast.person, other)]
    pages += [("profile-copy", reverse("profile-copy")), ("my-dossier", reverse("my-dossier", args=[proven.uid]))]
    found = defaultdict(set)
    for role, actor in roles.items():
        client = signed_in(actor)
        for name, address in pages:
            page = said(client, address)
            if number in page or "027198123456" in page:
                found[name].add(role)
    assert found == SEEN


@pytest.mark.parametrize(
    ("number", "shown"), [("027190000011", "•••••••••011"), ("M1234567", "•••••567"), ("12", "12"), ("", "")]
)
def test_a_masked_number_says_its_last_three_signs(number, shown):
    assert masked_number(number) == shown
    assert len(masked_number(IdentityDocument(DocumentKind.PASSPORT, "KR", "M12345678").number)) == 9
