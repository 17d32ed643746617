"""The catalogue over the national portal's services: fetched through faults, and given to the one import."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from exchange.connectors.national import transport
from exchange.connectors.national.catalogue import extract_row, fetch_catalogue
from exchange.connectors.national.values import present_mapping
from procedures.models import Edition, ImportRun, OpenQuery, Procedure
from simulators.national.book import Fault
from simulators.national.catalogue import CODE, SAMPLE


def fetched(**wanted):
    return fetch_catalogue(at=timezone.now(), by="test", wait=lambda _seconds: None, **wanted)


def rowed(**changes):
    return extract_row(CODE, {**SAMPLE, **changes}, present_mapping()["catalogue"])


def test_a_procedure_comes_in_by_the_import_of_the_catalogue(db, portal):
    run = fetched().run
    assert run.counts["changes"] == {"new": 1}
    edition = Edition.objects.get(procedure__code=CODE, status=Edition.Status.PUBLISHED)
    assert edition.title == SAMPLE["TENTTHC"]
    terms = sorted(edition.terms.values_list("amount", "unit"))
    assert [(int(amount), unit) for amount, unit in terms] == [(3, "working_day")] * len(terms)
    assert [fee["amount"] for fee in edition.facts["fees"]] == [20_000]
    assert [(paper.name, paper.originals) for paper in edition.documents.all()] == [("Đơn đề nghị", 1)]
    assert OpenQuery.objects.filter(procedure__code=CODE, kind="no_competence").exists(), "nobody is guessed"
    assert fetched().run.counts["changes"] == {"unchanged": 1}


def test_what_the_carried_catalogue_has_is_not_overruled(db, portal):
    portal.procedures["1.001193"] = {**SAMPLE, "TENTTHC": "Khai sinh kiểu khác"}
    assert fetched(only=["1.001193"]).run.counts["changes"] == {"kept": 1}
    assert Procedure.objects.get(code="1.001193").current.title != "Khai sinh kiểu khác"


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.SESSION_ENDED])
def test_a_passing_fault_is_overcome(db, portal, fault):
    transport.call_service("LayDanhSachTTHC")  # signed in
    portal.fault, portal.fault_calls = fault, 2
    assert fetched(only=[CODE]).missing == []


def test_what_does_not_come_is_named_and_nothing_at_all_is_an_error(db, portal):
    assert fetched(only=[CODE, "1.900999"]).missing == ["1.900999"]
    before = ImportRun.objects.count()
    portal.procedures.clear()
    with pytest.raises(CommandError, match="Try again later"):
        call_command("fetch_catalogue", stdout=StringIO())
    assert ImportRun.objects.count() == before


def test_several_fees_and_levels_in_words_are_left_to_a_person_or_read():
    fees = [{"SOTIEN": "50000", "DONVI": "Đồng", "MOTA": "Phí"}, {"SOTIEN": "70000", "DONVI": "Đồng", "MOTA": "Gấp"}]
    way = {"KENH": "3", "THOIGIAN": [{"THOIGIANGIAIQUYET": "5", "DONVITINH": "Ngày", "PHILEPHI": fees}]}
    row = rowed(CACHTHUCTHUCHIEN=[way], CAPTHUCHIEN=[{"CAPTHUCHIEN": "Cấp Tỉnh"}])
    assert row["channels_raw"] == "Dịch vụ bưu chính5 Ngày50,000 VNĐ(Phí; 70,000 VNĐ Gấp)"
    assert row["levels"] == ["Cấp tỉnh"]
    assert rowed()["levels"] == ["Cấp xã"], "by the words for who settles"


@pytest.mark.parametrize("garbled", [None, "x", 7, [1, None], {"a": 1}, [[]]])
def test_garbled_parts_are_none(garbled):
    row = rowed(CACHTHUCTHUCHIEN=garbled, THANHPHANHOSO=garbled, KETQUATHUCHIEN=garbled, TENTTHC=garbled)
    assert (row["documents"], row["channels_raw"]) == ([], "")
