"""Pages about other systems: dossiers moved in, data in place of papers, the post, connections and differences."""

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
from tests.journeys.steps import committed
from tests.journeys.visitor import DESKTOP, LANGUAGES, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
MAPPING = """
fields: {code: a, procedure: b, state: c, agency: d, owner_name: e, owner_number: f, received_at: g, due_at: h}
"""


def _stage(path, cast):
    row = f"1.013228;4;{cast.agency.code};Nguyễn Thị Ánh;027190000011;20/11/2025;28/11/2025"
    path.write_text(f"a;b;c;d;e;f;g;h\nHS-0001;{row}\nHS-0002;{row.replace('1.013228', '9.999999')}\n")
    by = Actor(system="Chuyển dữ liệu", channel="command")
    batch = batches.stage_batch(path, system=path.stem, mapping=MAPPING, folder="", by=by, at=timezone.now())
    for what in ("check", "force"):
        while work.do_next(batch, what, by=by):
            pass
    return batch


def _prepare(portal, path, language):
    cast = portal.cast
    chief = staff_actor(f"quantri.ket-noi.{language}", "office", StaffPost.Role.ADMINISTRATOR)
    portal.sessions[chief.account.pk] = session_of(chief)
    edition = Edition.objects.get(procedure__code="1.013228", status="published")
    dossier = received(cast, edition, at("2026-11-23 09:00"), key=f"others-{language}")
    known, _new = Synchronisation.objects.get_or_create(
        system="national", dossier=dossier, defaults={"wanted_revision": 1, "told_revision": 1}
    )
    said = {"field": "TrangThaiHoSo", "ours": "4", "theirs": "2", "found_at": timezone.now()}
    Difference.objects.create(synchronisation=known, **said)
    return chief, _stage(path, cast), dossier, filed_online(cast, edition, at("2026-11-23 09:00"))


def _replace(dossier, database):
    paper = dossier.edition.documents.first()
    return RequiredDocument.objects.filter(pk=paper.pk).update(replaced_by=database) or True


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_about_other_systems(portal, visit, tmp_path, settings, language):
    settings.POPULATION_URL, settings.POST_URL, settings.POST_KEY = "http://127.0.0.1:9", "http://127.0.0.1:9", "k"
    chief, batch, dossier, filed = committed(lambda: _prepare(portal, tmp_path / f"cu-{language}.csv", language))
    here = visit(language, DESKTOP, chief)
    here.open("/manage/moving-in/")
    here.look("moving")
    here.page.get_by_role("link", name=batch.file_name).first.click()
    here.look("moving-batch")
    here.page.fill("#reason", "Sai bảng ánh xạ")
    here.send("button[value=withdraw]")
    here.look("moving-withdrawn")
    assert MovingRow.objects.filter(batch=batch, state="written").exists(), "a worker takes them back"
    here.open("/manage/national/")
    here.look("national-differences")
    here.open("/manage/specialised/")
    here.look("specialised")
    here.open("/manage/connections/")
    here.look("connections")

    counter = visit(language, DESKTOP, portal.cast.counter)
    counter.open(f"/dossiers/{filed.code}/post/")
    counter.look("post")
    counter.send("main form button")
    counter.look("post-ordered")
    committed(lambda: _replace(dossier, "Cơ sở dữ liệu quốc gia về dân cư"))
    try:
        counter.open(f"/dossiers/{dossier.code}/registers/")
        counter.send("button[value=look-up]")
        counter.look("registers-unanswered")
        counter.send("button[value=paper]")
        counter.look("registers-paper")
    finally:
        committed(lambda: _replace(dossier, ""))
