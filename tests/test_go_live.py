"""The page that says what a province must still set before it goes live."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from oss_portal import go_live
from tests.factories.people import staff_actor


def open_points() -> dict[str, bool]:
    return {point.name: point.must for point in go_live.points(at=timezone.now()) if not point.done}


def test_what_is_missing_is_named_with_what_to_do(cast, settings):
    settings.ONLINE_FILING, settings.NATIONAL_URL, settings.PUBLIC_URL = "national", "", "http://portal.example"
    missing = {point.name: point for point in go_live.points(at=timezone.now()) if not point.done}
    assert missing["Địa chỉ, tên và mật khẩu của kết nối"].must
    assert "PUBLIC_URL" in missing["Địa chỉ công khai của cổng bằng https"].how
    assert all(point.how for point in missing.values())


def test_the_national_portal_is_a_must_only_where_people_file_there(cast, settings):
    settings.ONLINE_FILING, settings.NATIONAL_URL = "here", ""
    assert open_points()["Địa chỉ, tên và mật khẩu của kết nối"] is False


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (None, "NATIONAL_MAPPING"),
        ("[", "NATIONAL_MAPPING"),
        ("dossier: {}", "inbox"),
        ("dossier: {}\ninbox: {dossier: 5, list: {code: MaHoSo}}", ""),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path, settings, text, word):
    path = tmp_path / "mapping.yaml"
    if text is not None:
        path.write_text(text)
    settings.NATIONAL_MAPPING = str(path)
    assert go_live.mapping_fault()
    assert word in go_live.mapping_fault()


def test_the_bundled_mapping_is_right(settings):
    settings.NATIONAL_MAPPING = ""
    assert go_live.mapping_fault() == ""


def test_the_page_tries_the_connection(cast, settings):
    settings.NATIONAL_URL = ""
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    page = reverse("manage-go-live")
    assert "Còn" in client.get(page).content.decode()
    assert "Chưa có địa chỉ" in client.post(page, follow=True).content.decode()
