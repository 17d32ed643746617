"""Wordings of official forms: what may be said, who puts it in force, and that sums hold whatever is said."""

import io
from dataclasses import replace
from random import Random

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.refusals import Refused
from core.second_person import SecondPersonMissing
from dossiers.models import Dossier, State
from journal.models import Entry
from papers.models import Paper
from reports.forms import drawing, making, templates
from reports.forms.definitions import FORMS
from reports.forms.printed import PrintedForm
from reports.forms.signing import Signer
from reports.forms.templates import TEMPLATES
from reports.forms.trial import trial_content
from reports.forms.wording import (
    FormWording,
    WordedColumn,
    bundled_wording,
    further_measures,
    needed_measures,
    wording_changes,
    wording_problems,
)
from reports.models import FormTemplate, KeptForm
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in, staff_actor

NOW = at("2025-12-20 09:00")
FORM = FORMS["06b"]
BUNDLED = bundled_wording(FORM)
BTP = FORMS["07a-btp"]


def with_columns(wording, *columns):
    return replace(wording, columns=tuple(WordedColumn(*column) for column in columns))


@pytest.mark.parametrize("key", list(FORMS))
def test_what_comes_with_the_product_has_no_problem_and_survives_being_kept(key):
    wording = bundled_wording(FORMS[key])
    assert wording_problems(FORMS[key], wording) == []
    assert FormWording.read_json(wording.as_json()) == wording


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"title": " "}, "title", "Hãy nhập"),
        ({"title": "x" * 201}, "title", "200 ký tự"),
        ({"official": "II.06b[1]"}, "official", "Số biểu chỉ gồm"),
        ({"cut_off": "Đến ngày {last}"}, "cut_off", "{first} và {last}"),
        ({"cut_off": "{first} {last} {quarter}"}, "cut_off", "Không có chỗ điền {quarter}"),
        ({"cut_off": "{first} {last} {"}, "cut_off", "ngoặc nhọn"),
        ({"signed_by": "{first}"}, "signed_by", "Không có chỗ điền {first}"),
        ({"notes": ("a",) * 13}, "notes", "12 dòng"),
        ({"notes": ("{last}",)}, "notes", "Không có chỗ điền"),
        ({"columns": BUNDLED.columns[1:]}, "form_received", "phép kiểm tra 3=4+5+6"),
        ({"columns": (*BUNDLED.columns[:-1], WordedColumn("form_process_late", " "))}, "form_process_late", "tiêu đề"),
        ({"columns": (*BUNDLED.columns, BUNDLED.columns[0])}, "form_received", "chỉ đứng ở một cột"),
        ({"columns": (*BUNDLED.columns, WordedColumn("overdue", "Lúc này"))}, "overdue", "không dùng được"),
        ({"columns": (*BUNDLED.columns, WordedColumn("nothing", "Lạ"))}, "nothing", "không dùng được"),
        (
            {"columns": (*BUNDLED.columns, *(WordedColumn(name, "x") for name in further_measures(FORM)[:14]))},
            further_measures(FORM)[13],
            "24 cột",
        ),
    ],
)
def test_a_bad_wording_is_refused_with_a_sentence(change, field, sentence):
    found = dict(wording_problems(FORM, replace(BUNDLED, **change)))
    assert sentence in found[field], found


@pytest.mark.parametrize("key", list(FORMS))
def test_checks_are_printed_in_the_numbers_of_the_sheet_and_hold_in_any_order(key):
    random, form = Random(key), FORMS[key]
    columns = list(bundled_wording(form).columns)
    for _round in range(5):
        random.shuffle(columns)
        needed = needed_measures(form)
        kept = tuple(column for column in columns if column.measure in needed or random.random() < 0.5)
        wording = replace(bundled_wording(form), columns=kept)
        assert wording_problems(form, wording) == []
        printed = PrintedForm(form, wording)
        content = trial_content(printed)
        assert all(printed.checks(content).values())
        places = {column.number: column.key for column in printed.columns}
        for text in printed.checks(content):
            whole, _equals, parts = text.partition("=")
            numbers = [int(number) for number in parts.split("+")]
            for row in content["rows"]:
                assert row["values"][places[int(whole)]] == sum(row["values"][places[number]] for number in numbers)


def test_an_older_wording_keeps_what_the_checks_need_and_loses_what_is_counted_no_more():
    wording = with_columns(BUNDLED, ("gone", "Cũ"), ("form_settled", "Xong"))
    columns = PrintedForm(FORM, wording).columns
    assert columns[0].head == "Xong"
    assert {column.measure for column in columns} == set(FORM.measures)


def sheets(printed, content):
    signer = Signer("TM. Ủy ban nhân dân\nChủ tịch", "Trần Văn Ký")
    days = (NOW.date(), NOW.date())
    pdf = drawing.draft_pdf(printed, content, drawing.whole_province(), days, by="Lập", signer=signer, at=NOW)
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_a_short_form_is_signed_on_its_sheet_and_a_long_one_on_the_last(db):
    wording = replace(BUNDLED, notes=("Ghi chú một",), recipients=("Sở Tư pháp",), cut_off="Kỳ {first} đến {last}")
    printed = PrintedForm(FORM, wording)
    content = trial_content(printed)
    [only] = sheets(printed, content)
    for words in ("Kỳ 20/12/2025 đến 20/12/2025", "Ghi chú một", "NGƯỜI LẬP BIỂU", "Trần Văn Ký", "Nơi nhận", "(13)"):
        assert words in only, words
    # With so many rows that little room is left, who signs stands whole on the next, without heads of columns.
    many = sheets(printed, {**content, "rows": content["rows"] * 8})
    assert len(many) == 2
    assert "Trần Văn Ký" in many[1]
    assert "TM. ỦY BAN NHÂN DÂN" in many[1]
    assert "Trước hạn" not in many[1]


def test_changes_name_what_is_said_otherwise():
    after = replace(
        BUNDLED,
        title="Tên mới",
        notes=("Một", "Hai"),
        columns=BUNDLED.columns[1:] + BUNDLED.columns[:1],
        confirmed=True,
    )
    changes = wording_changes(BUNDLED, after)
    assert {"before": f"Tên biểu: {BUNDLED.title}", "after": "Tên biểu: Tên mới"} in changes
    assert {"before": "", "after": "Ghi chú dưới bảng: Một; Hai"} in changes
    assert {"before": "(3) Tiếp nhận: tổng số", "after": "(13) Tiếp nhận: tổng số"} in changes
    assert wording_changes(BUNDLED, BUNDLED) == []


@pytest.fixture
def ann(db):
    return staff_actor("bieu.mot", "office", "administrator")


@pytest.fixture
def bob(db):
    return staff_actor("bieu.hai", "office", "administrator")


def in_force(ann, bob, form, wording):
    draft = templates.write_draft(form, wording, revision=-1, by=ann, at=NOW)
    TEMPLATES.submit_draft(draft.pk, revision=draft.revision, by=ann, at=NOW)
    return TEMPLATES.put_in_force(draft.pk, revision=draft.revision, by=bob, at=NOW, reason="Thông tư mới")


def test_nobody_puts_the_own_wording_in_force(ann, bob):
    draft = templates.write_draft(FORM, BUNDLED, revision=-1, by=ann, at=NOW)
    TEMPLATES.submit_draft(draft.pk, revision=draft.revision, by=ann, at=NOW)
    with pytest.raises(SecondPersonMissing):
        TEMPLATES.put_in_force(draft.pk, revision=draft.revision, by=ann, at=NOW, reason="x")
    row = {"status": "in_force", "number": 1, "in_force_at": NOW, "in_force_by": ann.account}
    with pytest.raises(IntegrityError), transaction.atomic():
        FormTemplate.objects.filter(pk=draft.pk).update(**row)
    with pytest.raises(Refused, match="căn cứ"):
        TEMPLATES.put_in_force(draft.pk, revision=draft.revision, by=bob, at=NOW, reason=" ")
    assert templates.printed_in_force(FORM).version == 0


def test_a_wording_that_drops_a_needed_column_never_comes_into_force(ann, bob):
    draft = templates.write_draft(FORM, replace(BUNDLED, columns=BUNDLED.columns[1:]), revision=-1, by=ann, at=NOW)
    with pytest.raises(Refused, match=r"3=4\+5\+6"):
        TEMPLATES.submit_draft(draft.pk, revision=draft.revision, by=ann, at=NOW)


@pytest.fixture
def quarter(cast, edition, monkeypatch):
    """One settled early, one overdue; the quarter is over."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    made = [received(cast, edition, at("2025-10-01 09:00"), key=f"t{n}") for n in range(2)]
    facts = {"state": State.DONE, "finished_at": at("2025-10-06 09:00"), "due_at": at("2025-10-10 17:00")}
    Dossier.objects.filter(pk=made[0].pk).update(**facts)
    Dossier.objects.filter(pk=made[1].pk).update(state=State.PROCESSING, due_at=at("2025-11-20 17:00"))
    return made


def test_a_kept_form_keeps_the_words_of_its_version(quarter, cast, ann, bob):
    turned = BUNDLED.columns[::-1]
    wording = replace(BUNDLED, title="Tên theo thông tư mới", notes=("Ghi chú một",), columns=turned, confirmed=True)
    before = making.keep(FORM, cast.agency, "2025-Q4", by="x", at=NOW)
    in_force(ann, bob, FORM, replace(wording, columns=(*turned, WordedColumn("refused", "Từ chối"))))
    after = making.keep(FORM, cast.agency, "2025-Q4", by="x", at=NOW)
    assert (before.template, after.template, after.version) == (0, 1, 2)
    assert Paper.objects.get(owner=after.owner).template_version == 1
    assert Paper.objects.get(owner=after.owner).title == "Tên theo thông tư mới"
    assert after.content["total"] == {**before.content["total"], "refused": 0}
    head = signed_in(cast.head)
    address = reverse("reports-form", args=["06b"])
    shown = head.get(address, {"period": "2025-Q4"})
    assert [check["text"] for check in shown.context["checks"]] == ["13=12+11+10", "9=8+7+6", "5=4+3", "13=9+5"]
    assert all(check["holds"] for check in shown.context["checks"])
    assert "chưa được xác nhận" not in shown.content.decode()
    old = head.get(address, {"period": "2025-Q4", "version": "1"})
    assert "chưa được xác nhận" in old.content.decode()
    assert not old.context["changes"]
    for version, title, last in ((1, BUNDLED.title, 1), (2, "Tên theo thông tư mới", 0)):
        xlsx = head.get(reverse("reports-form-xlsx", args=["06b"]), {"period": "2025-Q4", "version": version})
        rows = list(load_workbook(io.BytesIO(xlsx.content)).worksheets[0].iter_rows(values_only=True))
        assert rows[1][1] == title
        totals = next(row for row in rows if row[1] == "Tổng số")
        assert totals[2:13] == ((2, 0, 2, 0, 1, 1, 0, 0, 1, 0, 1) if last else (1, 0, 1, 0, 0, 1, 1, 0, 2, 0, 2))


def posted(page, **changes):
    form = page.context["editing"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (data | changes).items() if value not in (None, False)}


def test_the_page_writes_submits_and_puts_in_force(ann, bob):
    writer, decider = signed_in(ann), signed_in(bob)
    address = reverse("manage-report-form", args=["07a-btp"])
    page = writer.get(address)
    refused = writer.post(address, posted(page, place_form_received="", head_counter="", cut_off="{last}"))
    assert refused.status_code == 422
    assert set(refused.context["editing"].errors) == {"place_form_received", "head_counter", "cut_off"}
    assert not FormTemplate.objects.exists()
    same = writer.post(address, posted(page, place_counter="3"))
    assert "Đã có cột khác" in same.content.decode()
    changes = {"title": "Tổng hợp  theo đơn vị", "place_not_received": "", "confirmed": "on"}
    extra = further_measures(BTP)[0]
    changes |= {f"place_{extra}": "30", f"head_{extra}": "Thêm", "notes": "Một\r\n\r\nHai", "recipients": "VPCP"}
    assert writer.post(address, posted(page, **changes)).status_code == 302
    page = writer.get(address)
    draft = FormTemplate.objects.get()
    assert {"before": "(10) Không tiếp nhận", "after": ""} in page.context["changes"]
    assert writer.get(reverse("manage-report-form-draft", args=["07a-btp"])).content.startswith(b"%PDF")
    # Somebody else saves meanwhile: nothing is lost, and the page says who.
    decider_page = posted(page, title="Khác", revision="7")
    stale = writer.post(address, decider_page)
    assert "Điều bạn nhập chưa được lưu" in stale.content.decode()
    writer.post(address, {"do": "submit", "revision": draft.revision})
    assert "Lấy lại để sửa" in writer.get(address).content.decode()
    assert "Trả lại để sửa" in decider.get(address).content.decode()
    assert writer.post(address, {"do": "force", "revision": draft.revision, "reason": "CV 12"}).status_code == 409
    assert decider.post(address, {"do": "force", "revision": draft.revision, "reason": ""}).status_code == 409
    assert decider.post(address, {"do": "force", "revision": draft.revision, "reason": "CV 12"}).status_code == 302
    printed = templates.printed_in_force(BTP)
    assert (printed.version, printed.wording.title, printed.wording.notes) == (
        1,
        "Tổng hợp theo đơn vị",
        ("Một", "Hai"),
    )
    assert printed.columns[-1].head == "Thêm"
    assert printed.wording.confirmed
    assert Entry.objects.filter(subject="form_template:07a-btp", verb="form_template.in_force").exists()
    assert decider.get(reverse("manage-report-form-trial", args=["07a-btp", 1])).content.startswith(b"%PDF")
    assert decider.get(address, {"from": "0"}).context["editing"]["title"].value() == BTP.title
    decider.post(address, {"do": "undo", "reason": "Nhầm"})
    assert templates.printed_in_force(BTP).version == 0


@pytest.mark.parametrize(("who", "status"), [("supervisor", 403), ("leader", 403), ("head", 403)])
def test_only_administrators_of_the_province_write_forms(cast, who, status):
    for name, args in (
        ("manage-report-forms", []),
        ("manage-report-form", ["06b"]),
        ("manage-report-form-trial", ["06b", 0]),
    ):
        assert signed_in(getattr(cast, who)).get(reverse(name, args=args)).status_code == status


def test_unknown_forms_and_versions_are_not_found(ann):
    client = signed_in(ann)
    for name, args in (
        ("manage-report-form", ["x"]),
        ("manage-report-form-trial", ["06b", 5]),
        ("manage-report-form-draft", ["06b"]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    shown = client.get(reverse("manage-report-forms")).content.decode()
    assert "theo biểu của một hệ thống đang chạy" in shown  # II.06a, which nobody here has compared yet
    assert "đã đối chiếu" not in shown
    assert not client.get(reverse("manage-report-form", args=["06a"])).context["editing"]["confirmed"].value()
    assert KeptForm.objects.count() == 0
