from datetime import date

from django.test import Client

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from agencies.models import Agency
from tests.dossiers.test_letters import _own_media  # noqa: F401


def staff_actor(name: str, agency: Agency, role: str, desk=None) -> Actor:
    account = Account.objects.create_account(name, None, full_name=name)
    post = StaffPost.objects.create(account=account, agency=agency, role=role, desk=desk, valid_from=date(2025, 7, 1))
    return Actor(account=account, post=post, posts=(post,), channel="web", address="127.0.0.1")


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client


def office_actor(name, role, agency="office"):
    account = Account.objects.create_account(name, "a long enough word", full_name=name.title())
    post = StaffPost.objects.create(
        account=account, agency=Agency.objects.get(key=agency, valid_to=None), role=role, valid_from=date(2025, 7, 1)
    )
    return Actor(account=account, post=post, posts=(post,))
