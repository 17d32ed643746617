"""An expired session loses nothing that was typed, and gives it to nobody else."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Account, StaffPost
from demo import people

pytestmark = pytest.mark.django_db
CITIZEN, OTHER = "024158990001", "027065990002"


def expire(client):
    """What the passing of time does: the row stays until it is cleared, but is valid no more."""
    from datetime import timedelta

    from django.utils import timezone

    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )


def enter(client, address, username=CITIZEN):
    """Sign in on the page one was led to, and follow to the end."""
    query = re.search(r"next=([^&]*)", address)[1]
    from urllib.parse import unquote

    return client.post(
        reverse("sign-in"),
        {"login": username, "password": people.PASSWORD, "next": unquote(query)},
        follow=True,
    )


def test_a_form_that_can_be_filled_is_shown_filled_after_signing_in(sign_in):
    client = sign_in(CITIZEN)
    expire(client)
    led = client.post(reverse("profile-details"), {"phone": "0977 111 222", "email": "moi@example.com"})
    assert led.status_code == 302
    assert led["Location"].startswith(reverse("sign-in"))
    page = enter(client, led["Location"])
    assert page.status_code == 200
    assert "moi@example.com" in page.content.decode()
    assert "0977 111 222" in page.content.decode()
    assert "Câu trả lời của bạn còn đây" in page.content.decode()
    assert Account.objects.get(username=CITIZEN).person.email != "moi@example.com"


def test_what_stood_on_a_reloaded_page_is_for_its_writer_alone(sign_in):
    client, page = sign_in(CITIZEN), reverse("profile-details")
    expire(client)
    sent = {"phone": "0977 111 222", "email": "moi@example.com", "password": "bi-mat", "_keep": "leaving"}
    assert client.post(page, sent, headers={"Referer": f"http://testserver{page}?a=%C3%A1"}).status_code == 204
    assert "bi-mat" not in str([row.get_decoded() for row in Session.objects.all()])
    there = f"{page}?a=%C3%A1"
    assert sign_in(OTHER).get(reverse("after-sign-in", query={"next": there}))["Location"] == there
    back = sign_in(CITIZEN)
    shown = back.get(back.get(reverse("after-sign-in", query={"next": there}))["Location"], follow=True)
    assert "0977 111 222" in shown.content.decode()


def test_any_other_form_is_offered_to_be_sent_on(sign_in):
    administrator = sign_in("quantri")
    post = StaffPost.objects.get(account__username="chuyenvien.yte")
    expire(administrator)
    led = administrator.post(
        reverse("manage-post-account", args=[post.pk]),
        {
            "action": "lock",
            "password": "bi-mat",
            "current": "bi-mat",
            "pin": "bi-mat",
            "paper": SimpleUploadedFile("giay-to.pdf", b"x"),
        },
    )
    page = enter(administrator, led["Location"], "quantri")
    text = page.content.decode()
    assert 'name="action" value="lock"' in text
    assert "giay-to.pdf" in text
    assert "bi-mat" not in text
    assert Account.objects.get(username="chuyenvien.yte").is_active
    administrator.post(reverse("manage-post-account", args=[post.pk]), {"action": "lock"})
    assert not Account.objects.get(username="chuyenvien.yte").is_active


def test_nobody_else_gets_the_answers(sign_in):
    client = sign_in(CITIZEN)
    expire(client)
    led = client.post(reverse("profile-details"), {"phone": "0977111222", "email": "moi@example.com"})
    page = enter(client, led["Location"], OTHER)
    assert "moi@example.com" not in page.content.decode()


def test_an_old_token_opens_the_plain_page(sign_in):
    client = sign_in("quantri")
    answer = client.get(reverse("manage-staff", query={"kept": "khong-co", "q": "tu phap"}))
    assert answer["Location"] == reverse("manage-staff", query={"q": "tu phap"})


def test_a_part_of_a_page_leaves_the_page_alone(client, bacninh):
    address = reverse("profile-details")
    saved = client.post(address, {"phone": "1"}, headers={"HX-Request": "true"})
    assert saved.status_code == 401
    read = client.get(address, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/profile/?a=1"})
    assert read.status_code == 401
    assert read["OSS-Sign-In"].endswith("next=/profile/%3Fa%3D1")


def test_a_huge_form_is_not_kept(client, bacninh):
    led = client.post(reverse("profile-details"), {"address": "x" * 300_000})
    assert "kept" not in led["Location"]


def test_a_stale_token_keeps_the_form_and_shows_the_way_on(bacninh):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username=CITIZEN), backend="accounts.backends.AccountBackend")
    client.get(reverse("profile-details"))
    own = {"Sec-Fetch-Site": "same-origin"}
    refused = client.post(reverse("profile-details"), {"phone": "0977111222", "email": "moi@example.com"}, headers=own)
    assert refused.status_code == 403
    go_on = re.search(r'href="(/profile/details/\?kept=[^"]+)"', refused.content.decode())[1]
    page = client.get(go_on).content.decode()
    assert "moi@example.com" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    sent = client.post(
        reverse("profile-details"),
        {"phone": "0977111222", "email": "moi@example.com", "current": people.PASSWORD, "csrfmiddlewaretoken": token},
        headers=own,
    )
    assert sent.status_code == 302


def test_another_site_puts_no_words_into_a_form(bacninh):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username=CITIZEN), backend="accounts.backends.AccountBackend")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        refused = client.post(reverse("profile-details"), {"phone": "0900000000"}, headers=headers)
        assert refused.status_code == 403
        assert "kept=" not in refused.content.decode()
    assert "kept_forms" not in client.session
