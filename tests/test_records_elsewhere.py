"""Role × address × record, for whom the record lies with another agency: the same table as in test_records.py."""

import pytest

from tests.factories.record_table import ask_for_records, build_records, readers
from tests.factories.tables import draw_refusals_once, remember_readers

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1_200), pytest.mark.usefixtures("papers_drawn_once")]


def test_another_agency_finds_nothing_of_a_record_at_its_addresses(cast, edition, media, monkeypatch):
    records, elsewhere, far_centre = build_records(cast, edition)
    actors = readers(cast, elsewhere, far_centre)
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    far = {who: actors[who] for who in actors if who.startswith("far")}
    tried, opened = ask_for_records(records, far)
    assert tried > 500
    assert opened > 20
