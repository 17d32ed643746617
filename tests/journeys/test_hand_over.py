"""Hand-overs with scanner and keyboard alone: to the competent agency, the result back, and between shifts."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from dossiers.custody import handovers
from dossiers.models import Dossier, Folder, HandOver, Place
from tests.factories.desk import intake_page
from tests.factories.people import staff_actor
from tests.journeys.steps import committed
from tests.journeys.visitor import DESKTOP, LANGUAGES, PROCEDURE, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def taken_in(portal, visit):
    """taken_in(me, number): dossiers received at the counter, by the pages."""

    def take(me, number: int) -> list[Dossier]:
        address = intake_page(PROCEDURE, portal.cast.stranger.person)
        codes = []
        for _one in range(number):
            me.open(address)
            me.press("j", "Space", "j", "Space", "F9")
            me.page.wait_for_url("**/desk/done/**")
            codes.append(me.path.split("/")[3])
        return [Dossier.objects.get(code=code) for code in codes]

    return take


def where(dossiers) -> set:
    return set(Folder.objects.filter(dossier__in=dossiers).values_list("place", flat=True))


@LANGUAGES
def test_ten_folders_to_the_settling_agency(portal, visit, taken_in, language, record_property, capsys):
    cast = portal.cast
    committed(lambda: _take_all_given(cast.clerk))
    counter = visit(language, DESKTOP, cast.counter)
    dossiers = taken_in(counter, 10)
    counter.open(f"/dossiers/{dossiers[0].code}/")
    assert counter.page.get_by_text(cast.centre.name).count()
    counter.look("folder-on-the-sheet")
    counter.open("/folders/")
    counter.look("hand-overs")
    counter.presses = 0
    counter.press("Alt+1")
    counter.page.wait_for_url("**/folders/records/**")
    counter.look("record-empty")
    counter.scan("H05.160-261123-9999")
    counter.page.locator("[role=alert]").wait_for()
    counter.look("record-wrong-scan")
    # Faster than the server answers: one scan upon the other.
    for dossier in dossiers:
        counter.scan(dossier.code)
    counter.page.locator("#record-body tbody tr").nth(9).wait_for()
    counter.look("record-filled")
    counter.press("F9")
    counter.page.locator("[data-key=F9]").wait_for(state="detached")
    counter.look("record-given")
    record = HandOver.objects.first()
    assert where(dossiers) == {Place.COURIER}
    giving, counter.presses = counter.presses, 0

    clerk = visit(language, DESKTOP, cast.clerk)
    clerk.open("/folders/")
    clerk.look("hand-overs-incoming")
    clerk.press("F9")
    clerk.page.wait_for_url(f"**{reverse('hand-over', args=[record.uid])}")
    for dossier in dossiers:
        clerk.scan(dossier.code)
        if dossier is dossiers[4]:
            clerk.page.locator(".oss-state--done").nth(4).wait_for()
            clerk.look("record-half-found")
    clerk.page.locator("[data-key=F9]").wait_for()
    clerk.press("F9")
    clerk.page.locator("[data-key=F8]").wait_for()
    clerk.look("record-confirmed")
    record_property("keys", [giving, clerk.presses])
    with capsys.disabled():
        print(f"\n[{language}] ten folders: {giving} keys to give, {clerk.presses} to take")  # noqa: T201
    assert giving <= 2
    assert clerk.presses <= 2
    assert where(dossiers) == {Place.DEPARTMENT}
    counter.open(f"/dossiers/{dossiers[0].code}/")
    assert counter.page.get_by_text(cast.clerk.account.full_name).count()
    counter.open("/folders/records/")
    counter.look("records")

    # Where is it, and onto a shelf.
    clerk.open("/folders/find/")
    clerk.look("find-empty")
    clerk.scan(dossiers[0].code)
    clerk.page.locator(".oss-timeline").wait_for()
    clerk.look("find")
    clerk.open("/folders/shelf/")
    clerk.look("shelf-choose")
    clerk.scan("KE-A1-03")
    clerk.page.wait_for_selector("#shelf-body")
    for dossier in dossiers[:3]:
        clerk.scan(dossier.code)
    clerk.page.locator("#shelf-body ol li").nth(2).wait_for()
    clerk.look("shelf")
    assert Folder.objects.filter(dossier__in=dossiers, shelf="KE-A1-03").count() == 3


@LANGUAGES
def test_a_missing_folder_and_the_shift(portal, visit, taken_in, language):
    cast = portal.cast
    counter = visit(language, DESKTOP, cast.counter)
    dossiers = taken_in(counter, 3)
    counter.open("/folders/")
    counter.press("Alt+1")
    counter.page.wait_for_url("**/folders/records/**")
    counter.press("F7")
    counter.page.locator("#record-body tbody tr").nth(2).wait_for()
    counter.press("F9")
    counter.page.locator("[data-key=F9]").wait_for(state="detached")
    record = HandOver.objects.first()
    clerk = visit(language, DESKTOP, cast.clerk)
    clerk.open(reverse("hand-over", args=[record.uid]))
    for dossier in dossiers[:2]:
        clerk.scan(dossier.code)
    clerk.page.locator(".oss-state--done").nth(1).wait_for()
    clerk.page.locator(".oss-missing summary").click()
    clerk.look("record-missing")
    clerk.send(".oss-missing button")
    clerk.look("record-confirmed-missing")
    clerk.open("/folders/missing/")
    assert clerk.page.get_by_text(dossiers[2].code).count()
    clerk.look("missing")

    dossiers = taken_in(counter, 2)
    counter.open("/folders/")
    counter.send("form:has(input[value=shift]) button")
    counter.press("F7")
    counter.page.locator("#record-body tbody tr").nth(1).wait_for()
    counter.press("F9")
    counter.page.locator("[data-key=F9]").wait_for(state="detached")
    counter.look("shift-given")
    record = HandOver.objects.first()
    assert record.kind == "shift"
    assert where(dossiers) == {Place.DESK}
    after = visit(language, DESKTOP)
    _enter_colleague(after, portal, f"casau-{language}")
    after.open("/folders/")
    after.press("F9")
    after.page.wait_for_url(f"**{reverse('hand-over', args=[record.uid])}")
    after.press("F7")
    after.page.locator("[data-key=F9]").wait_for()
    after.press("F9")
    after.page.locator("[data-key=F8]").wait_for()
    after.look("shift-taken")
    holders = set(Folder.objects.filter(dossier__in=dossiers).values_list("holder__account__username", flat=True))
    assert holders == {f"casau-{language}"}


def _take_all_given(clerk) -> None:
    """What journeys before this one handed over: the first key opens whichever waits longest."""
    given = HandOver.objects.filter(to_agency=clerk.post.agency, given_at__isnull=False, taken_at=None)
    for record in given:
        handovers.find_all(record, by=clerk, at=timezone.now())
        handovers.take_handover(record, by=clerk, at=timezone.now())


def _enter_colleague(me, portal, name: str) -> None:
    """Somebody of the next shift at the same desk; committed, so that the server knows them."""

    def make() -> str:
        post = portal.cast.counter.post
        return session_of(staff_actor(name, post.agency, StaffPost.Role.COUNTER, post.desk))

    value = committed(make)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": portal.address}
    me.context.add_cookies([cookie])
