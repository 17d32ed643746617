"""Another system's dossiers: mapped, checked, written as they were, worked on here, found by old codes, taken back."""

import json
from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Person, StaffPost
from agencies.models import Agency
from core.refusals import Refused
from dossiers.access import involvements, tracking
from dossiers.filing import discarding
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierDocument, DossierEvent, Involvement, State
from dossiers.moving_in import taking_back
from dossiers.search import dossiers_matching
from dossiers.statistics import tallies
from exchange.models import MovingBatch, MovingRow
from exchange.moving_in import batches, work
from exchange.moving_in.mapping import Unreadable, mapped_row, read_mapping
from journal import outbox
from journal.models import NumberSeries
from payments.models import Charge
from procedures.models import Edition
from tests.factories.moments import at
from tests.factories.people import agency_called, staff_actor
from tests.factories.scans import PDF

BY = Actor(system="Chuyển dữ liệu", channel="command")
MAPPING = """
fields:
  code: SoHoSo
  procedure: MaTTHC
  state: TrangThai
  agency: DonVi
  owner_name: ChuHoSo.Ten
  owner_number: ChuHoSo.So
  owner_kind: Loai
  filer_name: NguoiNop
  filer_number: SoNguoiNop
  phone: DienThoai
  received_at: NgayTiepNhan
  due_at: NgayHenTra
  finished_at: NgayXong
  returned_at: NgayTra
  limit_amount: SoNgay
  limit_unit: DonViNgay
  fee: LePhi
  fee_paid_at: NgayNop
  pauses: TamDung
  supplement_items: CanBoSung
  history: NhatKy
  files: Tep
values:
  state: {ML: "4", BS: "5", TRA: "10", XONG: "9"}
  owner_kind: {"2": enterprise}
lists:
  pauses: {began_at: Tu, ended_at: Den, reason: LyDo}
"""


@pytest.fixture
def row(cast, edition):
    """A row of the other system; changes by name."""

    def made(code="HS-2025-0001", **changes):
        said = {
            "SoHoSo": code,
            "MaTTHC": f"{edition.procedure.code}.H05",
            "TrangThai": "ML",
            "DonVi": cast.agency.code,
            "ChuHoSo": {"Ten": "Nguyễn Thị Ánh", "So": "027190000011"},
            "NgayTiepNhan": "20/11/2025 09:30",
            "NgayHenTra": "28/11/2025",
            "SoNgay": "5",
            "DonViNgay": "working_day",
            "LePhi": "150.000",
            "NgayNop": "20/11/2025",
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    return made


@pytest.fixture
def stage(tmp_path):
    def staged(*rows, mapping=MAPPING, folder=""):
        path = tmp_path / "cu.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        return batches.stage_batch(
            path, system="Phần mềm cũ", mapping=mapping, folder=str(folder), by=BY, at=timezone.now()
        )

    return staged


def moved(batch) -> list[Dossier]:
    """All of it checked and put in force; its dossiers by row."""
    while work.do_next(batch, "check", by=BY):
        pass
    while work.do_next(batch, "force", by=BY):
        pass
    return [each.dossier for each in batch.rows.select_related("dossier").order_by("number") if each.dossier]


def problems(batch) -> list[tuple[str, str]]:
    work.do_next(batch, "check", by=BY)
    return [(each["field"], each["code"]) for row in batch.rows.order_by("number") for each in row.problems]


def test_an_open_dossier_comes_as_it_was_and_goes_on_here(cast, row, stage):
    history = [{"at": "20/11/2025 10:00", "actor": "Cán bộ cũ", "text": "Đã chuyển phòng", "state": "ML"}]
    pause = [{"Tu": "21/11/2025 08:00", "Den": "22/11/2025 08:00", "LyDo": "supplement"}]
    [dossier] = moved(stage(row(NhatKy=history, TamDung=pause)))
    assert dossier.due_at == at("2025-11-28 17:00"), "as it was, the end of its day"
    assert (dossier.received_at, dossier.state) == (at("2025-11-20 09:30"), State.PROCESSING)
    assert [(p.began_at, p.ended_at) for p in dossier.pauses.all()] == [
        (at("2025-11-21 08:00"), at("2025-11-22 08:00"))
    ]
    assert [event.action for event in dossier.events.all()] == ["done_elsewhere", "moved_in"]
    assert (dossier.fee_amount, dossier.fee_settled_at, Charge.objects.count()) == (150_000, at("2025-11-20 17:00"), 0)
    assert dossier.code.startswith(f"{cast.agency.code}-251120-")
    assert tracking.find_by_code("hs 2025 0001") == dossier
    assert list(dossiers_matching(Dossier.objects.all(), "HS-2025-0001")) == [dossier]
    assert Involvement.objects.filter(dossier=dossier, agency=cast.agency, kind=Involvement.Kind.SETTLES).exists()
    execute_transition(dossier, "take", cast.officer, at=timezone.now())
    assert dossier.holder == cast.officer.post


def test_every_kind_of_state_is_taken_and_the_rest_of_its_life_goes_on(cast, row, stage, media):
    def ended(code, state, **more):
        return row(code, TrangThai=state, NgayXong="25/11/2025 10:00", **more)

    waiting = {"CanBoSung": ["Bản vẽ"], "TamDung": [{"Tu": "21/11/2025"}], "NgayHenTra": None}
    batch = stage(
        row("A-00001", TrangThai="1"),
        row("A-00002", TrangThai="2"),
        ended("A-00003", "3"),
        row("A-00005", TrangThai="BS", **waiting),
        row("A-00006", TrangThai="6", TamDung=[{"Tu": "21/11/2025", "LyDo": "financial"}], NgayHenTra=None),
        row("A-00007", TrangThai="7"),
        ended("A-00008", "8"),
        ended("A-00009", "XONG", NgayNop=None),
        ended("A-00010", "TRA", NgayTra="26/11/2025"),
    )
    dossiers = moved(batch)
    assert [d.state for d in dossiers] == [1, 4, 3, 5, 6, 7, 8, 9, 10], list(batch.rows.values("code", "problems"))
    _filed, _open, _not, asked, _money, _back, _stopped, done, returned = dossiers
    execute_transition(asked, "answer_supplement", cast.counter, at=timezone.now(), answer="Đã nộp")
    assert asked.due_at is not None, "the clock runs on from what is stored"
    assert (done.substate, Charge.objects.get(owner=done.reference).amount) == ("fee_to_collect", 150_000)
    assert (returned.returned_at, returned.closed_at) == (at("2025-11-26 17:00"), at("2025-11-26 17:00"))
    assert not involvements.differences()
    assert not tallies.differing_cells(1)


def test_an_official_code_stays_and_no_other_dossier_ever_gets_it(cast, row, stage):
    official = f"{cast.agency.code}-251120-0041"
    dossiers = moved(stage(row("CU-0001"), row(official)))
    assert [d.code for d in dossiers] == [f"{cast.agency.code}-251120-0042", official]
    assert NumberSeries.objects.get(scope=f"dossier:{cast.agency.code}-251120").last == 42
    assert problems(stage(row(official), row("CU-0001"))) == [("code", "code_here"), ("code", "code_here")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"SoHoSo": "12"}, ("code", "no_code")),
        ({"MaTTHC": "9.999999"}, ("procedure", "unknown_procedure")),
        ({"DonVi": "H99"}, ("agency", "unknown_agency")),
        ({"TrangThai": "nháp"}, ("state", "unknown_state")),
        ({"TrangThai": "0"}, ("state", "unknown_state")),
        ({"ChuHoSo": {"Ten": "", "So": "027190000011"}}, ("owner_name", "no_name")),
        ({"ChuHoSo": {"Ten": "A", "So": "12"}}, ("owner_number", "bad_number")),
        ({"ChuHoSo": {"Ten": "Người Khác", "So": "027190000011"}}, ("owner_number", "person_differs")),
        ({"Loai": "2", "ChuHoSo": {"Ten": "Công ty", "So": "0100109106"}}, ("filer_number", "no_filer")),
        ({"NgayTiepNhan": "31/02/2025"}, ("received_at", "unreadable")),
        ({"NgayTiepNhan": "20/11/2099"}, ("received_at", "future")),
        ({"NgayTiepNhan": None}, ("received_at", "never_came")),
        ({"NgayHenTra": None}, ("due_at", "no_due_date")),
        ({"TrangThai": "TRA"}, ("finished_at", "not_finished")),
        ({"TrangThai": "BS"}, ("pauses", "no_pause")),
        ({"TrangThai": "TRA", "NgayXong": "19/11/2025"}, ("received_at", "order")),
        ({"SoNgay": "năm"}, ("limit_amount", "bad_amount")),
        ({"DonViNgay": "ngày"}, ("limit_unit", "unknown_value")),
        ({"LePhi": "150000.5"}, ("fee", "bad_amount")),
        ({"Tep": [{"path": "../../etc/passwd"}]}, ("files.path", "no_file")),
        ({"Tep": "không phải JSON"}, ("files", "unreadable")),
    ],
)  # fmt: skip
def test_a_row_that_cannot_come_says_why(cast, row, stage, tmp_path, changes, found):
    assert found in problems(stage(row(**changes), folder=tmp_path))
    assert not DossierEvent.objects.exists()


def test_a_row_says_everything_that_is_wrong_with_it_at_once(row, stage):
    wrong = {"MaTTHC": "9.999999", "ChuHoSo": {"Ten": "", "So": "12"}, "LePhi": "-5", "NgayHenTra": "hôm qua"}
    assert set(problems(stage(row(TrangThai="lạ", **wrong)))) == {
        ("procedure", "unknown_procedure"), ("state", "unknown_state"), ("owner_name", "no_name"),
        ("owner_number", "bad_number"), ("fee", "bad_amount"), ("due_at", "unreadable"),
    }  # fmt: skip
    body = {"Loai": "2", "ChuHoSo": {"Ten": "Công ty", "So": "1"}, "SoNguoiNop": "2", "SoNgay": "x"}
    assert problems(stage(row(**body))) == [
        ("filer_number", "no_filer"), ("owner_number", "bad_number"), ("filer_number", "bad_number"),
        ("limit_amount", "bad_amount"),
    ]  # fmt: skip


def test_what_our_clock_would_say_is_noted_and_not_written(row, stage):
    batch = stage(row(NgayHenTra="05/12/2025"))
    assert problems(batch) == []
    assert batch.rows.get().notes[0]["code"] == "due_differs"
    assert moved(batch)[0].due_at == at("2025-12-05 17:00")


def test_files_come_along_and_a_bad_one_leaves_only_its_own_row_behind(row, stage, media, tmp_path):
    (tmp_path / "don.pdf").write_bytes(PDF)
    (tmp_path / "hong.pdf").write_bytes(b"MZ not a document")
    good = [
        {"path": "don.pdf", "paper": "application"},
        {"path": "don.pdf", "kind": "result", "number": "12/GP", "issued_on": "25/11/2025", "signer": "Phạm Thị Lãnh"},
    ]
    batch = stage(
        row("A-00001", Tep=good, TrangThai="TRA", NgayXong="25/11/2025"),
        row("A-00002", Tep=[{"path": "hong.pdf"}]),
        row("A-00003"),
        folder=tmp_path,
    )
    dossiers = moved(batch)
    assert [each.state for each in batch.rows.order_by("number")] == ["written", "wrong", "written"]
    papers = {each.kind: each for each in dossiers[0].documents.all()}
    assert papers[DossierDocument.Kind.COMPONENT].required_document.key == "application"
    assert papers[DossierDocument.Kind.RESULT].number == "12/GP"
    assert Dossier.objects.get(pk=dossiers[0].pk).has_digital_result


def test_one_number_is_one_person_and_what_is_known_of_them_stays(row, stage):
    known = Person.objects.get(personal_number="027190000011")
    new = {"Ten": "Lê Văn Mới", "So": "027190000099"}
    owners = [
        d.owner_person for d in moved(stage(row("A-00001"), row("A-00002", ChuHoSo=new), row("A-00003", ChuHoSo=new)))
    ]
    assert owners[0] == known
    assert owners[1] == owners[2]
    assert owners[1].search_key


def test_a_batch_is_withdrawn_but_for_what_was_worked_on_since(cast, row, stage):
    batch = stage(row("A-00001"), row("A-00002", TrangThai="TRA", NgayXong="25/11/2025"), row("A-00003", NgayNop=None))
    first, second, third = moved(batch)
    execute_transition(first, "take", cast.officer, at=timezone.now())
    with pytest.raises(Refused):
        batches.begin_withdrawal(batch, reason=" ", by=BY)
    batches.begin_withdrawal(batch, reason="Sai bảng ánh xạ", by=BY)
    while work.do_next(batch, "withdraw", by=BY):
        pass
    assert [each.state for each in batch.rows.order_by("number")] == ["kept", "taken_back", "taken_back"]
    assert tracking.find_by_code("A-00001") == first
    for gone in (second, third):
        assert tracking.find_by_code("A-00002") is None
        gone.refresh_from_db()
        last = gone.events.last()
        assert (last.action, last.reason, gone.code) == ("taken_back", "Sai bảng ánh xạ", None)
        assert last.facts["was"]["received_at"]
        assert not gone.involvements.exists()
    assert not Charge.objects.filter(owner=third.reference, cancelled_at=None).exists()
    assert not dossiers_matching(Dossier.objects.all(), "A-00002").exists()
    assert not involvements.differences()
    assert not tallies.differing_cells(1)
    assert discarding.delete_discarded(timezone.now() + timedelta(days=999)) == 0, "its history stays"
    client = Client()
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    assert str(third.uid) not in client.get(reverse("my-dossiers")).content.decode()
    assert client.get(reverse("my-dossier", args=[third.uid])).status_code == 404
    assert len(moved(stage(row("A-00002"), row("A-00003")))) == 2, "the same codes may come again"


def test_what_is_deleted_when_a_batch_is_withdrawn_is_looked_for_by_indexes(db):
    """Whether something still refers to a row is asked for each of them, at the commit."""
    tables = [model._meta.db_table for model in taking_back.DELETED]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT part.conrelid::regclass::text, a.attname FROM pg_constraint AS part
            JOIN pg_attribute AS a ON a.attrelid = part.conrelid AND a.attnum = part.conkey[1]
            WHERE part.contype = 'f' AND part.confrelid = ANY(%s::regclass[]) AND NOT EXISTS (
                SELECT FROM pg_index AS i WHERE i.indrelid = part.conrelid AND i.indkey[0] = a.attnum)
            """,
            [tables],
        )
        assert cursor.fetchall() == []


def test_a_batch_goes_on_where_it_was_stopped_and_twice_is_once(row, stage, monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 2)
    batch = stage(*(row(f"A-0000{n}") for n in range(5)))
    while work.do_next(batch, "check", by=BY):
        pass
    assert work.do_next(batch, "force", by=BY)
    assert batch.rows.filter(state="written").count() == 2
    work.do_next(batch, "check", by=BY)
    assert batch.rows.filter(state="written").count() == 2
    assert len(moved(batch)) == 5 == Dossier.objects.count()


def test_csv_with_semicolons_and_a_mark_is_read(tmp_path):
    path = tmp_path / "cu.csv"
    path.write_bytes('\ufeffSo;Ten\r\nA-1;Nguyễn "Ánh"\r\n'.encode())
    assert list(batches.read_file(path)) == [{"So": "A-1", "Ten": 'Nguyễn "Ánh"'}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cu.csv", "So;Tên".encode("cp1258", "replace") + b"\xea\r\n"),
        ("cu.jsonl", b'{"So": "\xff"}'),
        ("cu.csv", b"So\r\n" + b"x" * 200_000),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused):
        list(batches.read_file(path))


def test_half_a_character_and_a_nul_leave_no_row_behind(row, tmp_path):
    path = tmp_path / "cu.jsonl"
    path.write_text(json.dumps(row("A-00001\ud800", NhatKy=[], DienThoai="\x00\ud800")))
    batch = batches.stage_batch(path, system="cũ", mapping=MAPPING, folder="", by=BY, at=timezone.now())
    assert [dossier.state for dossier in moved(batch)] == [State.PROCESSING]


def test_statements_grow_with_no_rows_communes_or_procedures(row, stage):
    places = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None)[:8]
    others = Edition.objects.filter(status=Edition.Status.PUBLISHED, terms__isnull=False).distinct()[:8]
    same = [row(f"A-0000{n}") for n in range(2)]
    mixed = [
        row(f"B-000{n}", DonVi=place.code, MaTTHC=other.procedure.code)
        for n, (place, other) in enumerate(product(places, others))
    ]

    def statements(*rows):
        batch = stage(*rows)
        with CaptureQueriesContext(connection) as found:
            assert len(moved(batch)) == len(rows)
        return Counter(statement["sql"].strip()[:60] for statement in found.captured_queries)

    statements(row("W-00001"))  # the person is known from now on
    few, many = statements(*same), statements(*mixed)
    # A calendar is read when its agency comes for the first time; nothing else is asked for each of 64.
    assert (many - few).total() <= 2 * len(places), (many - few).most_common(3)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-11-20", "2025-11-20 17:00"),
        ("2025-11-20T03:00:00Z", "2025-11-20 10:00"),
        ("20/11/2025 16:45", "2025-11-20 16:45"),
        ("20251120164500", "2025-11-20 16:45"),
    ],
)
def test_moments_are_read_in_vietnams_time_and_a_due_day_ends_with_the_office(text, moment):
    mapping = read_mapping("fields: {code: a, procedure: a, state: a, agency: a, due_at: b}")
    assert mapped_row({"b": text}, mapping)["due_at"] == at(moment)
    with pytest.raises(Unreadable):
        mapped_row({"b": "hôm qua"}, mapping)


def test_codes_in_a_mapping_are_what_is_written():
    mapping = read_mapping(
        "fields: {code: a, procedure: b, state: c, agency: d}\n"
        "values: {agency: {04663: H05.160}, procedure: {x: 1.003460}}\nday_begins: 07:30"
    )
    said = mapped_row({"d": "04663", "b": "x"}, mapping)
    assert (said["agency"], said["procedure"], f"{mapping.day_begins:%H:%M}") == ("H05.160", "1.003460", "07:30")


@pytest.mark.parametrize("text", ["a: [", "fields: []", "fields: {code: a}", "fields: {gì: a}\n", "x: 1\nfields: {}"])
def test_a_wrong_mapping_is_told(text):
    with pytest.raises(Refused):
        read_mapping(text)


def work_off_outbox() -> None:
    while outbox.dispatch_messages(at=timezone.now()):
        pass


def test_an_administrator_of_the_province_checks_puts_in_force_and_withdraws(cast, row, stage):
    batch = stage(row("A-00001"), row("A-00002", MaTTHC="9.999999"))
    client, other = Client(), Client()
    for each, agency in ((client, "office"), (other, "justice")):
        actor = staff_actor(f"qt.{agency}", agency_called(agency), StaffPost.Role.ADMINISTRATOR)
        each.force_login(actor.account, backend="accounts.backends.AccountBackend")
    page = reverse("manage-moving-batch", args=[batch.pk])
    assert other.get(page).status_code == 403
    assert other.get(reverse("manage-moving")).status_code == 403
    refused = client.post(page, {"do": "force"}, follow=True)
    assert "Hãy kiểm tra cả tệp" in refused.content.decode()
    client.post(page, {"do": "check"})
    work_off_outbox()
    shown = client.get(page).content.decode()
    assert "Không có thủ tục này trong danh mục" in shown
    assert "027190000011" not in shown
    assert "A-00002" in client.get(reverse("manage-moving-report", args=[batch.pk])).getvalue().decode()
    client.post(page, {"do": "force"})
    work_off_outbox()
    [dossier] = Dossier.objects.all()
    assert dossier.events.last().post.agency.key == "office"
    assert client.post(page, {"do": "withdraw", "reason": ""}).status_code == 422
    client.post(page, {"do": "withdraw", "reason": "Sai"})
    work_off_outbox()
    dossier.refresh_from_db()
    assert dossier.discarded_at is not None
    assert client.post(page, {"do": "delete"}).status_code == 422
    assert MovingBatch.objects.exists(), "what was in force is not deleted"


def test_the_command_does_it_all(row, tmp_path, capsys, db):
    path, mapping = tmp_path / "cu.jsonl", tmp_path / "map.yaml"
    path.write_text(json.dumps(row(), ensure_ascii=False))
    mapping.write_text(MAPPING)
    call_command("move_in", "stage", str(path), "--system", "Cũ", "--mapping", str(mapping))
    number = str(MovingBatch.objects.get().pk)
    with pytest.raises(CommandError, match="Check"):
        call_command("move_in", "force", number)
    call_command("move_in", "check", number)
    call_command("move_in", "force", number)
    call_command("move_in", "report", number)
    assert "written 1" in capsys.readouterr().out
    assert MovingRow.objects.get().data == {}
