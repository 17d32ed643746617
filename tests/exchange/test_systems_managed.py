"""Connecting a system in the browser: the token is shown once, works, and is taken back."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import StaffPost
from exchange.models import ConnectedSystem
from journal.models import Entry
from tests.factories.people import signed_in, staff_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(cast) -> Client:
    return signed_in(staff_actor("quantrivien", "office", StaffPost.Role.ADMINISTRATOR))


def connect(administrator, **changed):
    facts = {"name": "Cổng quốc gia", "scopes": ["dossiers:read"], "days": "30", "post": ""}
    return administrator.post(reverse("manage-systems"), {**facts, **changed})


def test_a_system_is_connected_and_its_token_shown_once(administrator, cast):
    shown = connect(administrator, post=cast.officer.account.username.upper()).content.decode()
    token = re.search(r"data-token>([^<]+)<", shown)[1]
    system = ConnectedSystem.objects.get()
    assert (system.post, sorted(system.scopes)) == (cast.officer.post, ["dossiers:read", "posts:act"])
    api = Client(headers={"Authorization": f"Bearer {token}"})
    assert api.get("/api/v1/dossiers/").status_code == 200
    page = administrator.get(reverse("manage-systems"))
    assert token not in page.content.decode()
    assert "Cổng quốc gia" in page.content.decode()
    administrator.post(reverse("manage-system-disconnect", args=[system.pk]))
    assert api.get("/api/v1/dossiers/").status_code == 401
    verbs = set(Entry.objects.filter(subject=f"system:{system.pk}").values_list("verb", flat=True))
    assert verbs == {"system_connected", "system_disconnected"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "0"},
        {"days": "99999"},
        {"post": "khong.co.ai"},
        {"post": "quantrivien H05.999"},
        {"name": ""},
    ],
)
def test_what_cannot_be_is_said_and_gives_no_token(administrator, wrong):
    answer = connect(administrator, **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not ConnectedSystem.objects.exists()


def test_one_administrator_alone_gives_no_system_the_place_of_a_leader(administrator, cast):
    shown = connect(administrator, post=cast.leader.account.username)
    assert "quản trị viên khác" in shown.content.decode()
    token = re.search(r"data-token>([^<]+)<", shown.content.decode())[1]
    api = Client(headers={"Authorization": f"Bearer {token}"})
    system = ConnectedSystem.objects.get()
    confirm = reverse("manage-system-confirm", args=[system.pk])

    refused = api.get("/api/v1/dossiers/")
    assert refused.status_code == 401
    assert "quản trị viên thứ hai" in refused.json()["detail"]
    assert "không tự xác nhận" in administrator.post(confirm, follow=True).content.decode()
    assert api.get("/api/v1/dossiers/").status_code == 401

    second = signed_in(staff_actor("quantrivien2", "office", StaffPost.Role.ADMINISTRATOR))
    assert "Chờ quản trị viên thứ hai" in second.get(reverse("manage-systems")).content.decode()
    second.post(confirm)
    assert api.get("/api/v1/dossiers/").status_code == 200
    assert "không còn chờ" in second.post(confirm, follow=True).content.decode()
    assert Entry.objects.filter(subject=f"system:{system.pk}", verb="system_confirmed").count() == 1
    # A new token is another gift: it waits again, and no row says that one person did both.
    connect(administrator, post=cast.leader.account.username)
    system.refresh_from_db()
    assert system.awaits_confirmation
    with pytest.raises(IntegrityError, match="system_by_a_second_person"), transaction.atomic():
        ConnectedSystem.objects.update(confirmed_by=system.connected_by_id)
