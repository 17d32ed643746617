"""Pages about other systems: dossiers moved in, data in place of papers, the post, connections and their differences."""

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from exchange.models import Difference, MovingRow, Synchronisation
from exchange.moving_in import batches, work
from procedures.models import Edition, RequiredDocument
from tests.factories.dossiers import filed_online, received
from tests.factories.moments import at
from tests.factories.people import staff_actor
from tests.journeys.visitor import DESKTOP, LANGUAGES, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
MAPPING = (
    "fields: {code: a, procedure: b, state: c, agency: d, owner_name: e, owner_number: f, received_at: g, due_at: h}"
)


def staged(tmp_path, cast):
    path = tmp_path / "cu.csv"
    row = f"1.013228;4;{cast.agency.code};Nguyễn Thị Ánh;027190000011;20/11/2025;28/11/2025"
    path.write_text(f"a;b;c;d;e;f;g;h\nHS-0001;{row}\nHS-0002;{row.replace('1.013228', '9.999999')}\n")
    by = Actor(system="Chuyển dữ liệu", channel="command")
    batch = batches.stage_batch(path, system="Phần mềm cũ", mapping=MAPPING, folder="", by=by, at=timezone.now())
    for what in ("check", "force"):
        while work.do_next(batch, what, by=by):
            pass
    return batch


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_about_other_systems(portal, visit, tmp_path, settings, language):
    cast = portal.cast
    settings.POPULATION_URL, settings.POST_URL, settings.POST_KEY = "http://127.0.0.1:9", "http://127.0.0.1:9", "k"
    chief = staff_actor(f"quantri.{language}", "office", StaffPost.Role.ADMINISTRATOR)
    portal.sessions[chief.account.pk] = session_of(chief)
    edition = Edition.objects.get(procedure__code="1.013228", status="published")
    paper = edition.documents.first()
    RequiredDocument.objects.filter(pk=paper.pk).update(replaced_by="Cơ sở dữ liệu quốc gia về dân cư")
    dossier = received(cast, edition, at("2026-11-23 09:00"), key=f"k-{language}")
    filed = filed_online(cast, edition, at("2026-11-23 09:00"))

    here = visit(language, DESKTOP, chief)
    batch = staged(tmp_path, cast)
    here.open("/manage/moving-in/")
    here.look("moving")
    here.page.get_by_role("link", name="cu.csv").first.click()
    here.look("moving-batch")
    here.page.fill("#reason", "Sai bảng ánh xạ")
    here.send("button[value=withdraw]")
    here.look("moving-withdrawn")
    assert MovingRow.objects.filter(batch=batch, state="written").exists(), "a worker takes them back"

    known, _new = Synchronisation.objects.get_or_create(
        system="national", dossier=dossier, defaults={"wanted_revision": 1, "told_revision": 1}
    )
    Difference.objects.create(
        synchronisation=known, field="TrangThaiHoSo", ours="4", theirs="2", found_at=timezone.now()
    )
    here.open("/manage/national/")
    here.look("national-differences")
    here.open("/manage/connections/")
    here.look("connections")

    counter = visit(language, DESKTOP, cast.counter)
    counter.open(f"/dossiers/{filed.code}/post/")
    counter.look("post")
    counter.send("main form button[type=submit], main form button:not([type])")
    counter.look("post-ordered")
    counter.open(f"/dossiers/{dossier.code}/registers/")
    counter.send("button[value=look-up]")
    counter.look("registers-unanswered")
    counter.send("button[value=paper]")
    counter.look("registers-paper")
