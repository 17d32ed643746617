"""Stretches of the way that several journeys go."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone

from digitization import scans
from digitization.models import Scan
from dossiers.models import Dossier
from journal import outbox
from tests.journeys.visitor import PROCEDURE, Visitor


def committed(work: Callable[[], Any]) -> Any:
    """What others do meanwhile, in a thread with a connection of its own, so that the server sees it.

    Raises what the work raised: journeys share one database, and a name taken twice would say nothing otherwise.
    """

    def alone() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result(timeout=120)


def read_all() -> None:
    """What the workers do with scans: all that wait are read, and what follows from them is done."""

    def work() -> bool:
        for pk in Scan.objects.filter(state=Scan.State.QUEUED).values_list("pk", flat=True):
            scans.process_scan(str(pk))
        outbox.dispatch_messages(at=timezone.now(), limit=10_000)
        return True

    committed(work)


def file_online(
    me: Visitor, paper: Path, *, content: str = "Xác nhận hai tên là một người", look: bool = False
) -> Dossier:
    """From the procedure to the page that says it was sent; returns the dossier."""

    def see(name: str) -> None:
        if look:
            me.look(name)

    page = me.page
    me.open(f"/file/{PROCEDURE}/")
    see("start")
    me.send("main form button.govuk-button--start")
    see("tasks")
    page.locator(".govuk-task-list__link").first.click()
    page.wait_for_url("**/file/applicant/")
    page.check("input[name=ground][value=self]")
    see("applicant")
    me.send()
    page.fill("#id_content", content)
    page.select_option("#id_territory", me.portal.cast.agency.territory.code)
    see("request")
    me.send()
    page.fill("#id_quantity_item", "1")
    see("fee")
    me.send()
    for n in range(2):
        send_file(me, f"main .oss-paper >> nth={n} >> input[type=file]", paper)
    see("documents")
    me.send("button[name=continue]")
    page.check("input[name=method][value=counter]")
    page.select_option("#id_desk_place", index=1)
    see("result")
    me.send()
    see("check")
    me.send()
    assert me.path.endswith("/file/sent/")
    see("sent")
    return Dossier.objects.get(uid=me.path.split("/")[3])


def send_file(me: Visitor, field: str, paper: Path) -> None:
    """Choose a file in the first `field`; it is sent at once, and the page says when it has arrived."""
    with me.page.expect_event("console", lambda said: said.text == "oss:uploaded"):
        me.page.evaluate("addEventListener('oss:uploaded', () => console.log('oss:uploaded'), { once: true })")
        me.page.locator(field).first.set_input_files(paper)
    me.page.wait_for_load_state("networkidle")


def act(me: Visitor, dossier: Dossier, action: str, *, look: bool = False, **facts: object) -> None:
    """One act of staff, by the button on the dossier's page."""
    page = me.page
    me.open(f"/dossiers/{dossier.code}/")
    if look:
        me.look(f"before-{action}")
    address = f"/dossiers/{dossier.code}/act/{action}/"
    if page.locator(f"form[action='{address}']").count():
        me.send(f"form[action='{address}'] button")
    else:
        page.locator(f"a[href='{address}']").click()
        page.wait_for_url(f"**{address}")
        if page.locator("[name=lacking_ground]").count():  # papers that were promised for later
            facts = {"lacking_ground": "at_return", **facts}
        for name, value in facts.items():
            field = page.locator(f"[name={name}]")
            if isinstance(value, Path):
                field.set_input_files(value)
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))
        if look:
            me.look(f"act-{action}")
        me.send("main form.oss-pane button[type=submit]")
    there = (f"/dossiers/{dossier.code}/", f"/desk/done/{dossier.code}/")
    assert me.path in there, page.locator("main").inner_text()
