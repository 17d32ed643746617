"""What people do at the pages of the catalogue's editors."""

from django.test import Client

from procedures.editions.forms.parts import PARTS
from procedures.models import Confirmation
from tests.factories.people import signed_in, staff_actor


def enter_as(client: Client, role: str) -> Client:
    """The client, signed in as somebody new of the People's Committee's office."""
    client.force_login(staff_actor(f"{role}-test", "office", role).account, backend="accounts.backends.AccountBackend")
    return client


def approve_last(client):
    """The last proposal, approved as a whole."""
    waiting = Confirmation.objects.filter(status="waiting").first()
    answer = client.post(f"/manage/confirmations/{waiting.pk}/", {"act": "approve"})
    assert answer["Location"] == "/manage/confirmations/"
    return waiting


def part_as_shown(client, draft, part):
    """What the part's page would send, untouched."""
    bound = client.get(f"/manage/editions/{draft.pk}/part/{part}/").context
    fields = {"seen": bound["seen"]}
    forms = bound["bound"].forms if PARTS[part].many else [bound["bound"]]
    if PARTS[part].many:
        management = bound["bound"].management_form
        fields |= {management.add_prefix(name): management[name].value() for name in management.fields}
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                fields[field.html_name] = "on"
            elif value is not None and value is not False and value != "":
                fields[field.html_name] = value
    return fields


def client_as(role: str, name: str) -> Client:
    """A client of somebody new of the People's Committee's office."""
    return signed_in(staff_actor(name, "office", role))
