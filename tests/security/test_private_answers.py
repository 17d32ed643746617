"""What is sent to somebody who is known stays in no cache (ASVS 14.3.2), whatever the view forgot."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import Account

pytestmark = pytest.mark.django_db
NO_STORE = "no-store, private"


@pytest.mark.parametrize("name", ["home", "profile", "my-dossiers", "notices", "track"])
def test_pages_of_somebody_signed_in(client, bacninh, name):
    client.force_login(Account.objects.get(username="024158990001"), backend="accounts.backends.AccountBackend")
    assert client.get(reverse(name))["Cache-Control"] == NO_STORE


def test_staff_pages_errors_and_refusals(client, bacninh):
    client.force_login(Account.objects.get(username="motcua.tinh"), backend="accounts.backends.AccountBackend")
    for address in (reverse("desk"), reverse("manage-staff"), reverse("file", args=[uuid.uuid4()])):
        assert client.get(address)["Cache-Control"] == NO_STORE


def test_what_answers_a_sending(client):
    assert client.post(reverse("sign-in"), {"login": "x", "password": "y"})["Cache-Control"] == NO_STORE


def test_the_api_with_a_token_or_a_session(client):
    answer = client.get(reverse("api-procedures"), headers={"Authorization": "Bearer nothing"})
    assert answer["Cache-Control"] == NO_STORE


def test_a_public_page_for_nobody_in_particular_may_be_kept(client):
    assert "no-store" not in client.get(reverse("home")).headers.get("Cache-Control", "")
