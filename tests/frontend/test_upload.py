"""Files sent the moment they are chosen, to the real upload address."""

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import expect

from core import references
from digitization.models import StoredFile
from digitization.permissions import FileRules
from tests.factories.people import AccountFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser, live_server, settings, tmp_path, monkeypatch):
    settings.ROOT_URLCONF = "tests.frontend.upload_urls"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(references, "_answers", dict(references._answers))
    references.register_answers("gallery", FileRules(lambda *_: True, lambda *_: True))
    account = AccountFactory(username="001190012345", full_name="Nguyễn Thị Hằng")
    client = Client()
    client.force_login(account, backend=project.AUTHENTICATION_BACKENDS[-1])
    context = browser.new_context()
    session = client.cookies[project.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/gallery/upload/", wait_until="networkidle")
    yield page
    context.close()


def picture(width=40):
    from PIL import Image

    from tests.factories.scans import encoded

    return encoded(Image.new("RGB", (width, width), "white"))


def test_a_file_becomes_its_card(page):
    page.get_by_label("Giấy chứng sinh").set_input_files(
        {"name": "giay chung sinh.png", "mimeType": "image/png", "buffer": picture()}
    )
    expect(page.get_by_role("link", name="giay chung sinh.png")).to_be_visible()
    stored = StoredFile.objects.get()
    assert (stored.owner, stored.name, stored.uploaded_by) == ("gallery:1", "giay chung sinh.png", "Nguyễn Thị Hằng")
    expect(page.locator("progress[data-upload-progress]")).to_have_count(0)
    assert page.get_by_label("Giấy chứng sinh").evaluate("field => field.files.length") == 0


def test_a_file_that_is_not_taken_says_why_and_the_next_one_still_goes(page):
    field = page.get_by_label("Giấy chứng sinh")
    field.set_input_files({"name": "chuong-trinh.exe", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 400})
    problem = page.get_by_role("alert")
    expect(problem).to_be_visible()
    expect(problem).not_to_be_empty()
    assert not StoredFile.objects.exists()
    field.set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": picture()})
    expect(page.get_by_role("link", name="anh.png")).to_be_visible()
