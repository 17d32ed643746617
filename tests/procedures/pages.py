from datetime import date

from django.test import Client

from accounts.models import Account, StaffPost
from agencies.models import Agency
from procedures.editions.forms.parts import PARTS
from procedures.models import Confirmation
from tests.procedures.test_doubts import _media  # noqa: F401


def enter_as(client, role):
    account = Account.objects.create_account(f"{role}-test", "a long enough word", full_name="Kiểm Soát Viên")
    agency = Agency.objects.get(key="office")
    StaffPost.objects.create(account=account, agency=agency, role=role, valid_from=date(2025, 7, 1))
    client.force_login(account, backend="accounts.backends.AccountBackend")
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


def client_as(role, name):
    account = Account.objects.create_account(name, "a long enough word", full_name=name)
    agency = Agency.objects.get(key="office")
    StaffPost.objects.create(account=account, agency=agency, role=role, valid_from=date(2025, 7, 1))
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    return client
