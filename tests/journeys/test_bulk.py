"""Many dossiers at once: chosen by keys, confirmed, followed to the outcomes; what a calendar's change would move."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import change_day
from dossiers.lifecycle import bulk, execute_transition
from dossiers.models import BulkRun, Dossier
from procedures.models import Edition
from tests.factories.cast import Cast
from tests.factories.dossiers import received
from tests.factories.people import staff_actor
from tests.journeys.steps import committed
from tests.journeys.visitor import DESKTOP, PHONE, Portal, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def _to_assign(cast, name: str) -> list[Dossier]:
    edition = Edition.objects.get(procedure__code="1.013228", status="published")
    return [received(cast, edition, timezone.now(), key=f"{name}-{n}", limit_days="7") for n in range(3)]


def _carried(uid: str) -> None:
    run = BulkRun.objects.get(uid=uid)
    while bulk.run_batch(run.pk, language="vi", at=timezone.now()):
        pass


@pytest.mark.parametrize(("language", "size"), [("vi", DESKTOP), ("en", PHONE)])
def test_three_are_assigned_at_once_and_one_was_taken_before(portal, visit, language, size):
    cast = portal.cast
    dossiers = committed(lambda: _to_assign(cast, f"bulk-{language}"))
    head = visit(language, size, cast.head)
    page = head.page
    head.open("/work/?view=unit")
    assert page.locator("[data-bulk-bar]").is_hidden()
    if size == DESKTOP:
        for dossier in dossiers:
            page.locator(f"tr[data-row]:has-text('{dossier.code}')").focus()
            head.press("x")
    else:
        for dossier in dossiers:
            page.check(f"input[name=selected][value^='{dossier.code}:']")
    assert "3" in page.locator("[data-bulk-count]").inner_text()
    head.look("bulk-chosen")
    head.send("button[data-bulk-act=assign]")
    head.look("bulk-confirm")

    committed(lambda: execute_transition(dossiers[0], "take", cast.officer2, at=timezone.now()))
    page.select_option("#id_officer", str(cast.officer.post.pk))
    with page.expect_navigation(url="**/dossiers/bulk/*/"):
        page.locator("main form.oss-pane button[type=submit]").click()
    head.look("bulk-running")
    uid = head.path.split("/")[3]
    committed(lambda: _carried(uid) or True)
    page.wait_for_selector("#h-refused")  # the page follows by itself
    head.look("bulk-outcomes")
    assert cast.officer2.account.full_name in page.locator("#outcomes").inner_text()
    assert page.locator("section[aria-labelledby=h-done] li").count() == 2
    assert Dossier.objects.filter(pk__in=[d.pk for d in dossiers], holder=cast.officer.post).count() == 2

    # What was refused is chosen again, as it is now.
    page.check("input[name=selected]")
    head.send("section[aria-labelledby=h-refused] button")
    assert dossiers[0].code in page.locator("main").inner_text()


def test_without_scripts_by_reloading(portal, chromium, visit):
    cast = portal.cast
    dossiers = committed(lambda: _to_assign(cast, "bulk-plain"))
    context = chromium.new_context(java_script_enabled=False)
    head = visit("vi", DESKTOP, cast.head)
    context.add_cookies(head.context.cookies())
    page = context.new_page()
    page.goto(portal.address + "/work/?view=unit")
    for dossier in dossiers[:2]:
        page.check(f"input[name=selected][value^='{dossier.code}:']")
    page.click("button[name=action][value=assign]")
    page.select_option("#id_officer", str(cast.officer.post.pk))
    page.click("main form.oss-pane button[type=submit]")
    uid = page.url.rstrip("/").split("/")[-1]
    committed(lambda: _carried(uid) or True)
    page.click("noscript a, a:has-text('Xem lại tiến độ')")
    assert page.locator("section[aria-labelledby=h-done] li").count() == 2
    chromium.close_context(context)


def test_a_late_holiday_shows_what_moves_before_it_is_written(portal, visit):
    cast = portal.cast
    committed(lambda: _to_assign(cast, "calendar"))
    administrator = committed(lambda: _administrator(cast))
    me = visit("vi", DESKTOP)
    me.context.add_cookies([_cookie(portal, administrator)])
    day = next(d for d in _days_ahead() if d.weekday() < 5)
    me.open(f"/manage/calendars/{cast.agency.calendar.key}/?year={day.year}")
    me.look("calendar")
    me.page.fill("#id_date", f"{day:%d/%m/%Y}")
    me.page.check("input[name=kind][value=off]")
    me.page.fill("#id_name", "Nghỉ tránh bão")
    me.page.fill("#id_document", "Công điện 12/CĐ-TTg")
    me.send("main form.oss-text button")
    me.look("calendar-foreseen")
    assert me.page.locator("tbody tr").count() >= 3
    me.send("main form button.govuk-button")
    me.open("/manage/recalculations/")
    me.look("recalculations")
    assert "Nghỉ tránh bão" in me.page.locator("main").inner_text()
    committed(lambda: _taken_back(cast, day) or True)


def _days_ahead() -> Iterator[date]:
    today = timezone.localdate()
    return (date.fromordinal(today.toordinal() + n) for n in range(2, 9))


def _administrator(cast: Cast) -> Actor:
    return staff_actor("quantri-lich", "office", StaffPost.Role.ADMINISTRATOR)  # the calendar is the whole province's


def _cookie(portal: Portal, actor: Actor) -> dict[str, str]:
    value = committed(lambda: session_of(actor))
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": portal.address}


def _taken_back(cast: Cast, day: date) -> None:
    change_day(cast.agency.calendar, day, kind=None)
