"""The components in a real browser: no accessibility violation, no sideways scrolling, and they work."""

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories.browsers import Chromium
from tests.frontend.gallery_server import ROOT, Gallery

pytestmark = pytest.mark.journey
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def opened(browser: Chromium, gallery: Gallery, audience: str, width: int = 1366, **options) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 768}, **options).new_page()
    page.complaints = []
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{gallery.address}/{audience}", wait_until="networkidle")
    return page


@pytest.mark.parametrize("width", [1366, 375, 320])
@pytest.mark.parametrize("audience", ["citizen", "staff"])
def test_no_violation_and_no_sideways_scrolling(browser, gallery, audience, width):
    page = opened(browser, gallery, audience, width)
    # Over the debugger's channel: the page's own policy would forbid it.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = page.evaluate("axe.run(document)")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
    browser.close_context(page.context)


def test_first_visit_of_a_citizen_stays_under_100_kilobytes(browser, gallery):
    page = browser.new_context().new_page()
    seen: dict[str, int] = {}

    def weigh(response):
        body = response.body()
        seen[response.url] = len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(f"{gallery.address}/citizen", wait_until="networkidle")
    browser.close_context(page.context)
    # htmx comes only with the file card that is being worked on, and not on a first page.
    total = sum(size for url, size in seen.items() if not url.endswith("htmx.js"))
    assert total < 100 * 1024, seen
    assert sum(url.endswith(".woff2") for url in seen) == 4


def test_everything_is_there_without_scripts(browser, gallery):
    page = opened(browser, gallery, "citizen", java_script_enabled=False)
    expect(page.get_by_role("link", name="Trang chủ").first).to_be_visible()
    expect(page.get_by_label("Ngày sinh")).to_be_visible()
    expect(page.get_by_role("button", name="Tiếp tục")).to_be_visible()
    expect(page.locator("[data-saving]")).to_be_hidden()
    browser.close_context(page.context)


def test_error_summary_leads_to_the_field(browser, gallery):
    page = opened(browser, gallery, "citizen")
    page.get_by_role("link", name="Hãy nhập ngày sinh.").first.click()
    field = page.get_by_label("Ngày sinh")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Hãy nhập ngày sinh.*ví dụ 22/11/2026"))
    browser.close_context(page.context)


def test_suggestions_by_keyboard(browser, gallery):
    page = opened(browser, gallery, "citizen")
    field = page.get_by_role("combobox", name="Tên thủ tục hoặc việc cần làm")
    options = page.locator(".oss-suggest").get_by_role("option")
    field.press_sequentially("khai sinh")
    expect(options).to_have_count(2)
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially(" ")
    field.press_sequentially("b")
    expect(options).to_have_count(2)
    field.press("ArrowDown")
    with page.expect_navigation(url="**/chosen"):
        field.press("Enter")
    browser.close_context(page.context)


def test_a_draft_saves_itself_and_a_double_click_sends_once(browser, gallery):
    page = opened(browser, gallery, "citizen")
    gallery.posts.clear()
    with page.expect_response("**/draft"):
        page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Thị Hằng")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    assert gallery.posts == ["/draft"]
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp tục").dblclick(no_wait_after=True)
    assert gallery.posts == ["/draft", "/citizen"]
    browser.close_context(page.context)


def test_a_draft_that_could_not_be_saved_says_so_where_one_is_typing(browser, gallery):
    page = opened(browser, gallery, "citizen", 375)
    said = "Phần này đã được lưu ở một trang hoặc máy khác."
    page.route("**/draft", lambda route: route.fulfill(status=409, content_type="text/plain", body=said))
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Thị Hằng")
    expect(page.get_by_text(said)).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_be_in_viewport()
    browser.close_context(page.context)


def test_parts_of_staff_pages_keep_their_size_and_distance(browser, gallery):
    page = opened(browser, gallery, "staff")
    size, gap = page.evaluate(
        """() => {
          const place = document.querySelector('main').appendChild(document.createElement('div'))
          place.innerHTML = '<div class="govuk-button-group"><a class="govuk-link" href="#">Quay lại</a></div>' +
            '<form class="oss-pane">Tìm</form><form><div class="oss-pane">Bảng</div></form>'
          const [search, list] = place.querySelectorAll('form')
          const gap = Math.round(list.getBoundingClientRect().top - search.getBoundingClientRect().bottom)
          return [getComputedStyle(place.querySelector('a')).fontSize, gap]
        }"""
    )
    assert (size, gap) == ("14px", 12)
    browser.close_context(page.context)


def test_staff_work_by_keyboard(browser, gallery):
    page = opened(browser, gallery, "staff")
    expect(page.locator("[data-scanner]")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Trình lãnh đạo")
    page.keyboard.press("Escape")
    page.locator("[data-row]").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("Đã chọn 1 hồ sơ").first).to_be_visible()
    expect(page.locator("[data-row]").nth(1)).to_have_attribute("aria-selected", "true")
    browser.close_context(page.context)


def test_a_scan_goes_to_the_scanner_field_and_presses_no_button(browser, gallery):
    page = opened(browser, gallery, "staff")
    gallery.posts.clear()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("t0b1")  # t and b are keys of buttons
    expect(page.locator("[data-scanner]")).to_have_value("t0b1")
    assert gallery.posts == []
    browser.close_context(page.context)


def test_a_file_that_is_worked_on_asks_for_its_successor(browser, gallery):
    page = opened(browser, gallery, "citizen")
    expect(page.get_by_text("Đã nhận dạng 5 trang")).to_be_visible()
    expect(page.get_by_text("Đang nhận dạng chữ")).to_have_count(0)
    assert page.complaints == []
    browser.close_context(page.context)
