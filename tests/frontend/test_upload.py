"""Files sent the moment they are chosen, to the real upload address."""

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import expect

from core import references
from digitization.models import StoredFile
from digitization.permissions import FileRules
from digitization.uploads import discard_file
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
    browser.close_context(context)


def picture(width=40):
    from PIL import Image

    from tests.factories.scans import encoded

    return encoded(Image.new("RGB", (width, width), "white"))


def test_a_file_becomes_its_card(page):
    page.get_by_label("Giấy chứng sinh", exact=True).set_input_files(
        {"name": "giay chung sinh.png", "mimeType": "image/png", "buffer": picture()}
    )
    expect(page.get_by_role("link", name="giay chung sinh.png")).to_be_visible()
    stored = StoredFile.objects.get()
    assert (stored.owner, stored.name, stored.uploaded_by) == ("gallery:1", "giay chung sinh.png", "Nguyễn Thị Hằng")
    expect(page.locator("progress[data-upload-progress]")).to_have_count(0)
    assert page.get_by_label("Giấy chứng sinh", exact=True).evaluate("field => field.files.length") == 0


def test_a_file_that_is_not_taken_says_why_and_the_next_one_still_goes(page):
    field = page.get_by_label("Giấy chứng sinh", exact=True)
    field.set_input_files({"name": "chuong-trinh.exe", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 400})
    problem = page.get_by_role("alert")
    expect(problem).to_be_visible()
    expect(problem).not_to_be_empty()
    assert not StoredFile.objects.exists()
    field.set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": picture()})
    expect(page.get_by_role("link", name="anh.png")).to_be_visible()


def test_a_file_taken_back_is_sent_again_though_the_browser_remembers_the_first_time(page, tmp_path):
    page.evaluate("() => { Storage.prototype.removeItem = () => {} }")  # as when the tab closes at that moment
    paper = tmp_path / "to khai.png"
    paper.write_bytes(picture())
    field = page.get_by_label("Giấy chứng sinh", exact=True)
    field.set_input_files(paper)
    expect(page.get_by_role("link", name="to khai.png")).to_have_count(1)
    discard_file(StoredFile.objects.get())
    field.set_input_files(paper)
    expect(page.get_by_role("link", name="to khai.png")).to_have_count(2)
    assert StoredFile.objects.present().count() == 1
    assert StoredFile.objects.count() == 2


def test_several_files_arrive_in_the_order_of_choosing_and_one_that_is_refused_holds_none_up(page):
    files = [
        ("lon.png", picture(900)),
        ("hong.exe", b"MZ" + b"\0" * 400),
        ("nho.png", picture(40)),
        ("ba.png", picture(50)),
    ]
    page.get_by_label("Giấy chứng sinh", exact=True).set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files]
    )
    expect(page.get_by_role("link", name="ba.png")).to_be_visible()
    assert [file.name for file in StoredFile.objects.order_by("uploaded_at")] == ["lon.png", "nho.png", "ba.png"]
