"""Pictures of the main pages for the documentation: ``python -m tests.journeys.screenshots`` (make screenshots).

Starts the portal with its demonstration in a data folder of its own and looks at it as its people do.
"""

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.run_tests import chromium
from oss_portal.run.checks import free_port
from oss_portal.run.portal import answers

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 375, "height": 812}
PROCEDURE = "2.002516"
WITH_FORM = "1.001193"  # registration of a birth
START_SECONDS = 600
COLOURS = 128


def main() -> int:
    if (named := chromium()) is None:
        print("No Chromium was found: install one, or name it in CHROMIUM.", file=sys.stderr)  # noqa: T201
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="oss-") as folder, portal(folder) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=named, args=["--no-sandbox"])
        take_all(browser, address)
        browser.close()
    return 0


@contextmanager
def portal(folder: str) -> Iterator[str]:
    port = free_port()
    os.environ.update(DATA_DIR=folder, PORT=str(port), DJANGO_SETTINGS_MODULE="oss_portal.settings")
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    django.setup()
    process = subprocess.Popen([sys.executable, "-m", "oss_portal.run"], cwd=ROOT, env=dict(os.environ))
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(f"{address}/health/ready"):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The portal did not start; what it said stands above.")
            time.sleep(1)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def take_all(browser: Browser, address: str) -> None:
    """The README's pictures and those of each audience's page."""
    from demo import people

    citizen_number = people.sign_ins()[0].username
    _of_citizens(browser, address, citizen_number)
    _of_staff(browser, address, citizen_number)
    _of_heads(browser, address)
    _of_the_catalogue(browser, address)


def _of_citizens(browser: Browser, address: str, number: str) -> None:
    anybody = browser.new_page(viewport=DESKTOP)
    anybody.goto(address)
    take(anybody, "home")
    anybody.set_viewport_size(PHONE)
    take(anybody, "home-phone")
    anybody.goto(f"{address}/procedures/{PROCEDURE}/")
    take(anybody, "procedure-phone")
    citizen = signed_in(browser, address, number)
    citizen.goto(f"{address}/file/{PROCEDURE}/")
    citizen.click("button.govuk-button--start")
    citizen.locator(".govuk-task-list__link[href$='/documents/']").click()
    take(citizen, "filing")
    citizen.set_viewport_size(PHONE)
    citizen.goto(f"{address}/my/dossiers/")
    take(citizen, "my-dossiers-phone")
    citizen.locator("main a[href*='/my/dossiers/']").nth(1).click()  # the first is the draft begun above
    take(citizen, "my-dossier-phone")


def _of_staff(browser: Browser, address: str, number: str) -> None:
    counter = signed_in(browser, address, "motcua.kinhbac")
    counter.goto(f"{address}/desk/")
    counter.fill("#who", number)
    counter.press("#who", "Enter")
    owner = counter.input_value("input[name=owner]")
    counter.goto(f"{address}/desk/intake/{PROCEDURE}/?{urlencode({'owner': owner})}")
    counter.keyboard.press("j")
    counter.keyboard.press("Space")
    counter.keyboard.press("j")
    take(counter, "desk")
    counter.goto(f"{address}/desk/inbox/")
    take(counter, "inbox")
    counter.goto(f"{address}/folders/")
    take(counter, "folders")
    officer = signed_in(browser, address, "chuyenvien.kinhbac")
    officer.goto(f"{address}/work/?view=unit")
    take(officer, "work")
    officer.goto(f"{address}/work/")
    officer.locator("[data-row] a").first.click()
    take(officer, "dossier")


def _of_heads(browser: Browser, address: str) -> None:
    head = signed_in(browser, address, "lanhdao.kinhbac")
    head.goto(f"{address}/reports/")
    take(head, "head")
    supervisor = signed_in(browser, address, "giamsat")
    supervisor.set_viewport_size(PHONE)
    supervisor.goto(f"{address}/reports/")
    take(supervisor, "province-phone")


def _of_the_catalogue(browser: Browser, address: str) -> None:
    controller = signed_in(browser, address, "danhmuc")
    controller.goto(f"{address}/manage/catalogue/{WITH_FORM}/")
    take(controller, "catalogue")
    controller.goto(f"{address}/manage/procedures/{WITH_FORM}/form/")
    controller.locator("main table a").first.click()
    controller.locator("main form:has(input[name=source]) button").click()
    take(controller, "form-builder")
    controller.goto(f"{address}/manage/procedures/{WITH_FORM}/routes/")
    controller.locator("main form button").first.click()
    take(controller, "route")
    administrator = signed_in(browser, address, "quantri")
    administrator.goto(f"{address}/manage/calendars/")
    administrator.locator("main a[href*='/manage/calendars/']").first.click()
    take(administrator, "calendar")


def signed_in(browser: Browser, address: str, login: str) -> Page:
    from demo.people import PASSWORD

    page = browser.new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def take(page: Page, name: str) -> None:
    """One picture, in few colours: pages have few, and a repository keeps every version."""
    page.wait_for_load_state("networkidle")
    answer = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    if answer >= 400:
        raise SystemExit(f"{page.url} answered {answer}; no picture of it was made.")
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
