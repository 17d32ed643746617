"""What a citizen's first visit costs: bytes over the line with their headers, and how far the page jumps.

Usage: make bench NAME=first_visit (wants a running portal: PORTAL=http://127.0.0.1:8000 by default, and a Chromium).
`other` is the same visit without compression. The shift is the browser's own sum of layout shifts (CLS); below 0.01
nothing is seen.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, sync_playwright

from deploy.run_tests import chromium

PORTAL = os.environ.get("PORTAL", "http://127.0.0.1:8000")
PAGES = ("/", "/procedures/1.001193/", "/track/")
GOAL_BYTES, GOAL_SHIFT = 100_000, 0.01
WATCH = """window.shift = 0
const add = (list) => list.getEntries().forEach((entry) => (window.shift += entry.value))
new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true })"""


@dataclass(frozen=True)
class Visit:
    page: str
    width: int
    sent: int
    shift: float


def visit(browser: Browser, page: str, width: int, headers: dict[str, str] | None = None) -> Visit:
    """A first visit with nothing in the browser's store."""
    context = browser.new_context(viewport={"width": width, "height": 800}, extra_http_headers=headers)
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    tab.add_init_script(WATCH)
    answer = tab.goto(PORTAL + page, wait_until="networkidle")
    if answer is None or answer.status != 200:
        sys.exit(f"{PORTAL}{page} did not answer as expected.")
    found = Visit(page, width, sum(sizes), round(tab.evaluate("window.shift"), 4))
    context.close()
    return found


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit("No Chromium was found; name one in CHROMIUM.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            visits = [visit(browser, page, width) for page in PAGES for width in (375, 1366)]
            plain = max(visit(browser, page, 375, {"Accept-Encoding": "identity"}).sent for page in PAGES)
        except Error as problem:
            sys.exit(f"No portal answered at {PORTAL}: start one with make run. ({problem.message.splitlines()[0]})")
    ours, shift = max(each.sent for each in visits), max(each.shift for each in visits)
    print(
        json.dumps(
            {
                "name": "first_visit",
                "ours": ours,
                "other": plain,
                "ratio": round(ours / plain, 3),
                "goal": f"at most {GOAL_BYTES} bytes and a shift below {GOAL_SHIFT}",
                "holds": ours <= GOAL_BYTES and shift < GOAL_SHIFT,
                "detail": [vars(each) for each in visits],
            }
        )
    )


if __name__ == "__main__":
    main()
