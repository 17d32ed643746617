"""What counters took in today, and the communes on a map."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Territory
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from reports import figures, today
from reports.population import EVERYTHING
from tests.factories.dossiers import filed_online, keep_changed_route, received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
NOW = at("2026-11-18 11:00")


@pytest.fixture
def morning(cast, edition, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    received(cast, edition, at("2026-11-17 09:00"), key="a")  # yesterday
    received(cast, edition, at("2026-11-18 08:00"), key="b")
    received(cast, edition, at("2026-11-18 09:00"), key="c")
    filed_online(cast, edition, at("2026-11-18 07:00"))


def test_each_counter_with_what_it_took_in_and_what_waits(cast, morning):
    desk, online = today.intake_today(Dossier.objects.all(), NOW)
    assert (desk.desk, desk.agency) == (cast.counter.post.desk, cast.centre)
    assert (desk.received, desk.online, desk.last_at) == (2, 0, at("2026-11-18 09:00"))
    assert (online.desk, online.received, online.waiting) == (None, 0, 1)


def test_the_page_for_a_supervisor_has_a_map_and_for_a_head_the_own_agency(cast, morning):
    Dossier.objects.filter(code__isnull=False).update(due_at=NOW - timedelta(days=1))
    page = signed_in(cast.supervisor).get(reverse("reports-today"))
    html = page.content.decode()
    assert "Từ đầu ngày đã tiếp nhận <strong>2</strong> hồ sơ" in html
    places = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)
    assert len(places) == 2
    named = cast.counter.post.desk.name, cast.centre.name
    assert all(re.split("<[^>]+>", place).count(name) <= 1 for place in places for name in named), "a name stands once"
    assert "Hồ sơ trực tuyến chưa qua quầy nào" in places[1]
    [spot] = [spot for spot in page.context["map"].spots if spot.open]
    assert (spot.territory, spot.overdue, spot.shade) == (cast.agency.territory, 3, today.SHADES)
    assert f"{cast.agency.territory.local_name} <strong>3</strong>" in html, "a name without hovering"
    [address] = re.findall(r'<a href="([^"]+)"><title>Phường Kinh Bắc', html)
    listed = signed_in(cast.supervisor).get(address.replace("&amp;", "&"))
    assert listed.context["total"] == 3
    own = signed_in(cast.head).get(reverse("reports-today"))
    assert own.context["map"] is None
    assert own.status_code == 200


def test_what_another_dossier_opened_is_not_said_to_wait_for_a_counter(cast, edition, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    opener = received(cast, edition, at("2026-11-18 08:00"), limit_days="10", key="a")
    verify = next(step for step in opener.route if step["key"] == "verify")
    verify["opens"] = {"procedure": "1.014027", "agency_key": "", "wait": False}
    keep_changed_route(opener)
    execute_transition(opener, "take", cast.officer, at=at("2026-11-18 10:00"))
    html = signed_in(cast.supervisor).get(reverse("reports-today")).content.decode()
    _counter, opened = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)
    assert "1 hồ sơ liên thông tự động mở" in opened
    assert "chưa qua quầy" not in opened
    assert "không qua quầy" not in opened


def test_every_commune_stands_inside_the_picture_north_up(db):
    drawn = today.commune_map(EVERYTHING, figures.period_asked(NOW, NOW, at=NOW))
    assert len(drawn.spots) == 99
    assert all(0 < spot.x < drawn.width and 0 < spot.y < drawn.height for spot in drawn.spots)
    by_place = sorted(drawn.spots, key=lambda spot: spot.territory.latitude)
    assert by_place[0].y > by_place[-1].y


def test_outlines_come_from_the_file_of_the_setting(db, settings, tmp_path):
    commune = Territory.objects.valid().filter(kind="ward").order_by("code").first()
    square = [[105.9, 21.1], [106.0, 21.1], [106.0, 21.2], [105.9, 21.1]]
    shape = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"code": commune.code}, "geometry": shape}
    file = tmp_path / "communes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    settings.COMMUNE_POLYGONS = str(file)
    today._polygons.cache_clear()
    try:
        drawn = today.commune_map(EVERYTHING, figures.period_asked(NOW, NOW, at=NOW))
    finally:
        today._polygons.cache_clear()
    [outlined] = [spot for spot in drawn.spots if spot.outline]
    assert outlined.territory == commune
    assert outlined.outline.startswith("M")
    assert outlined.outline.count("L") == 3
