"""Pictures of the main pages for the documentation: ``python -m tests.journeys.screenshots`` (make screenshots).

Starts the portal with its demonstration in a data folder of its own and looks at it as its people do.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

from oss_portal.run.checks import free_port
from oss_portal.run.portal import answers

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 375, "height": 812}
PROCEDURE = "2.002516"
START_SECONDS = 600


def main() -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("No Chromium was found: install one, or name it in CHROMIUM.", file=sys.stderr)  # noqa: T201
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="oss-") as folder, portal(folder) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
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
    from accounts import demonstration

    anybody = browser.new_page(viewport=DESKTOP)
    anybody.goto(address)
    take(anybody, "home")
    anybody.set_viewport_size(PHONE)
    take(anybody, "home-phone")
    citizen = signed_in(browser, address, demonstration.sign_ins()[0].username)
    citizen.goto(f"{address}/file/{PROCEDURE}/")
    citizen.click("button.govuk-button--start")
    citizen.locator(".govuk-task-list__link").nth(2).click()
    take(citizen, "filing")
    counter = signed_in(browser, address, "motcua.kinhbac")
    counter.goto(f"{address}/desk/intake/{PROCEDURE}/?who={demonstration.sign_ins()[0].username}")
    counter.keyboard.press("j")
    counter.keyboard.press("Space")
    counter.keyboard.press("j")
    take(counter, "desk")
    officer = signed_in(browser, address, "chuyenvien.kinhbac")
    officer.goto(f"{address}/work/?view=unit")
    take(officer, "work")
    head = signed_in(browser, address, "lanhdao.kinhbac")
    head.goto(f"{address}/reports/")
    take(head, "head")


def signed_in(browser: Browser, address: str, login: str) -> Page:
    from accounts.demonstration import PASSWORD

    page = browser.new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
