"""Results of former years: a dry run, a report for each row, nothing twice, and a sheet that is gone on with."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from accounts.enterprises import find_or_create_enterprise
from accounts.models import Person
from accounts.permissions import may
from core.refusals import Refused
from digitization import old_results, scans
from digitization.models import ImportedResult, RegisteredDocument, Scan, StoredFile
from digitization.old_results import import_results
from digitization.register import usable_documents
from tests.factories.moments import at
from tests.factories.scans import drawn, scanned_pdf
from tests.factories.workbooks import STRICT, edited_workbook

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23 09:10")
HEADS = ["Tệp", "Tên giấy tờ", "Số, ký hiệu", "Ngày phát hành", "Số định danh", "Chủ giấy tờ", "Hết hạn"]


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    made = tmp_path / "results"
    (made / "2019").mkdir(parents=True)
    for number in (1, 2):
        (made / "2019" / f"{number}.pdf").write_bytes(scanned_pdf(drawn([f"Giấy phép số {number}"], dpi=60)))
    (made / "note.txt").write_text("no scan")
    (tmp_path / "outside.pdf").write_bytes(scanned_pdf(drawn(dpi=60)))
    return made


def row(cast, number=1, **changes):
    """A row that is right, but for `changes` by the head's name."""
    cells = [
        f"2019\\{number}.pdf",
        "Giấy phép xây dựng",
        f"{number}/GPXD",
        "22/11/2019",
        cast.person.personal_number,
        cast.person.full_name,
        "",
    ]
    return [changes.get(head, cell) for head, cell in zip(HEADS, cells, strict=True)]


def sheet_of(folder, *rows, heads=HEADS, name="so.xlsx"):
    path = folder / name
    book = Workbook()
    for cells in (heads, *rows):
        book.worksheets[0].append(list(cells))
    book.save(path)
    return path


def imported(folder, sheet, cast, *, dry_run=False):
    return list(import_results(folder, sheet, agency=cast.clerk.post.agency, by=cast.clerk, at=NOW, dry_run=dry_run))


def test_a_dry_run_reports_each_row_and_changes_nothing(folder, cast):
    sheet = sheet_of(folder, row(cast), row(cast, 2, **{"Số định danh": "12345"}))
    assert [each.state for each in imported(folder, sheet, cast, dry_run=True)] == ["done", "refused"]
    assert not StoredFile.objects.exists()
    assert not ImportedResult.objects.exists()


def test_results_enter_the_register_for_use_again_and_are_read_behind_all_else(folder, cast):
    sheet = sheet_of(folder, row(cast, **{"Hết hạn": "22/11/2029"}), [], row(cast, 2))
    first, second = imported(folder, sheet, cast)
    assert (first.number, second.number) == (2, 4)
    document = RegisteredDocument.objects.get(code=first.code)
    assert document in usable_documents(cast.person, NOW.date())
    assert (document.number, str(document.valid_to), document.agency) == (
        "1/GPXD",
        "2029-11-22",
        cast.clerk.post.agency,
    )
    assert may(cast.citizen, "read", document.file)
    assert may(cast.clerk, "read", document.file)
    assert not may(cast.stranger, "read", document.file)
    assert not may(cast.counter, "read", document.file)
    scan = Scan.objects.get(pk=document.file_id)
    assert scan.later
    # Waiting long is no sign that the broker lost it.
    assert scans.sweep_scans(scan.queued_at + scans.LOST_AFTER * 2) == 0
    # Begun again: the same import, nothing twice; and as another sheet, nothing twice either.
    assert [each.code for each in imported(folder, sheet, cast)] == [first.code, second.code]
    other = sheet_of(folder, row(cast), name="so-2.xlsx")
    assert [each.state for each in imported(folder, other, cast)] == ["known"]
    assert RegisteredDocument.objects.count() == 2


def test_an_import_that_was_cut_off_goes_on(folder, cast, monkeypatch):
    sheet = sheet_of(folder, row(cast), row(cast, 2))
    real, calls = scans.queue_scan, []

    def killed(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return real(*args, **options)

    monkeypatch.setattr(scans, "queue_scan", killed)
    with pytest.raises(SystemExit):
        imported(folder, sheet, cast)
    assert RegisteredDocument.objects.count() == 1
    monkeypatch.setattr(scans, "queue_scan", real)
    assert [each.state for each in imported(folder, sheet, cast)] == ["done", "done"]
    assert RegisteredDocument.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Tệp": "2019/3.pdf"}, "Không có tệp"),
        ({"Tệp": "../outside.pdf"}, "Không có tệp"),
        ({"Tệp": "note.txt"}, "."),
        ({"Tệp": ""}, "Thiếu"),
        ({"Ngày phát hành": "31/02/2019"}, "không phải ngày"),
        ({"Hết hạn": "21/11/2019"}, "đứng trước"),
        ({"Số định danh": "2415899001"}, "số 0 ở đầu"),
        ({"Số định danh": 100109106, "Chủ giấy tờ": "Công ty Cổ phần Sông Hồng"}, "số 0 ở đầu"),  # 0100109106
        ({"Số định danh": 1090000003, "Chủ giấy tờ": "Trần Văn Hà"}, "số 0 ở đầu"),  # 001090000003
        ({"Chủ giấy tờ": "Ai Đó Khác"}, "."),
        ({"Số, ký hiệu": "1" * 61}, "60 ký tự"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_the_reason_and_the_next_one_taken(folder, cast, changes, said):
    sheet = sheet_of(folder, row(cast, **changes), row(cast, 2))
    assert [each.state for each in imported(folder, sheet, cast, dry_run=True)] == ["refused", "done"]
    refused, taken = imported(folder, sheet, cast)
    assert (refused.state, taken.state) == ("refused", "done")
    assert said in refused.sentence
    assert not StoredFile.objects.exclude(registered__isnull=False).exists()
    assert ImportedResult.objects.get(number=2).sentence == refused.sentence


def test_twelve_digits_are_a_persons_unless_a_household_business_bears_that_name(folder, cast):
    number = cast.person.personal_number
    find_or_create_enterprise(number, name="Hộ kinh doanh Ánh Dương")
    sheet = sheet_of(folder, row(cast), row(cast, 2, **{"Chủ giấy tờ": "Hộ Kinh Doanh Ánh Dương"}))
    first, second = (RegisteredDocument.objects.get(code=each.code) for each in imported(folder, sheet, cast))
    assert first.holder_person == cast.person
    assert second.holder_enterprise.tax_number == number


def test_holders_who_are_not_known_yet_are_added(folder, cast):
    sheet = sheet_of(folder, row(cast, **{"Số định danh": "027190000033", "Chủ giấy tờ": "Lê Thị Bình"}))
    [said] = imported(folder, sheet, cast, dry_run=True)
    assert "sẽ được thêm" in said.sentence
    imported(folder, sheet, cast)
    assert Person.objects.get(personal_number="027190000033").full_name == "Lê Thị Bình"


def test_the_command_reads_csv_too_and_writes_its_report(folder, cast, tmp_path):
    sheet = folder / "so.csv"
    with sheet.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows([HEADS, row(cast), row(cast, 3)])
    out, report = StringIO(), tmp_path / "report.csv"
    call_command("import_results", folder, sheet, by=cast.clerk.account.username, report=report, stdout=out)
    assert "1 would be imported, 0 on record already, 1 refused." in out.getvalue()
    assert "2,would be imported" in report.read_text(encoding="utf-8-sig")
    call_command("import_results", folder, sheet, by=cast.clerk.account.username, run=True, report=report, stdout=out)
    rows = list(csv.reader(report.open(encoding="utf-8-sig")))
    assert [line[:2] for line in rows] == [["row", "state"], ["2", "done"], ["3", "refused"]]
    call_command("import_results", folder, sheet, by=cast.clerk.account.username, run=True, stdout=out)
    assert "1 imported (1 of them by an earlier run), 0 on record already" in out.getvalue()
    with pytest.raises(CommandError, match="no post"):
        call_command("import_results", folder, sheet, by=cast.citizen.account.username, stdout=out)
    other = sheet_of(folder, heads=["Tệp"], name="x.xlsx")
    with pytest.raises(CommandError, match="thiếu cột"):
        call_command("import_results", folder, other, by=cast.clerk.account.username, stdout=out)
    other = folder / "windows.csv"
    other.write_bytes("Tệp;Số\n".encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_results", folder, other, by=cast.clerk.account.username, stdout=out)
    assert RegisteredDocument.objects.get().source.split(":")[0] == old_results.PREFIX


def test_a_workbook_of_another_program_is_read_whole_or_refused_in_words(folder, cast):
    sheet = sheet_of(folder, row(cast), row(cast, 2, **{"Chủ giấy tờ": f"{cast.person.full_name}_x000D_\n"}))
    content = sheet.read_bytes()
    sheet.write_bytes(edited_workbook(content, {'<dimension ref="A1:G3"': '<dimension ref="A1"'}))
    said = imported(folder, sheet, cast, dry_run=True)
    assert [(each.number, each.state) for each in said] == [(2, "done"), (3, "done")]
    for other, sentence in ((edited_workbook(content, STRICT), "Strict Open XML"), (b"no archive", "hỏng")):
        sheet.write_bytes(other)
        with pytest.raises(Refused, match=sentence):
            imported(folder, sheet, cast, dry_run=True)


def test_a_body_without_a_tax_number_is_known_by_its_founding_decision(cast, folder):
    heads = [*HEADS, "Ngày quyết định thành lập", "Cơ quan quyết định thành lập"]
    whose = {"Số định danh": "123/QĐ-UBND"}
    rows = [
        [*row(cast, 1, **whose, **{"Chủ giấy tờ": "Trường Kinh Bắc"}), "05/03/2019", "UBND tỉnh Bắc Ninh"],
        [*row(cast, 2, **whose, **{"Chủ giấy tờ": "Trạm Võ Cường"}), "01/01/2020", "UBND phường Võ Cường"],
    ]
    agency = cast.clerk.post.agency
    tried, done = (
        list(
            import_results(
                folder, sheet_of(folder, *rows, heads=heads), agency=agency, by=cast.clerk, at=NOW, dry_run=dry_run
            )
        )
        for dry_run in (True, False)
    )
    assert [report.state for report in tried + done] == ["done"] * 4
    bodies = [document.holder_enterprise for document in RegisteredDocument.objects.order_by("pk")]
    assert [body.decision_issuer for body in bodies] == ["UBND tỉnh Bắc Ninh", "UBND phường Võ Cường"]
    [doubtful] = import_results(
        folder,
        sheet_of(folder, row(cast, 2, **whose, **{"Chủ giấy tờ": "Hội Làng Gốm"}), name="khac.xlsx"),
        agency=agency,
        by=cast.clerk,
        at=NOW,
        dry_run=True,
    )
    assert doubtful.sentence.startswith("Số này đã có")
