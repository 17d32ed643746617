"""Wordings as data: what may be said, who puts it in force, and that nothing of it changes afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from papers import parts, templates, wording
from papers.models import PaperTemplate
from papers.templates import Person, TemplateRefused
from papers.wording import LINE, PART, QR, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording

AT = timezone.make_aware(timezone.datetime(2026, 11, 23, 9, 10))
ANN, BOB = Person("account:1", "Ann, Quản lý danh mục"), Person("account:2", "Bob, Quản trị")
VOCABULARY = Vocabulary(
    fields={"code": Field("Mã hồ sơ", "H05-1"), "filed_by": Field("Người nộp thay", ""), "name": Field("Tên", "Ánh")},
    parts={
        "rows": parts.table(
            "Bảng giấy tờ",
            [parts.Column("#", "TT", 10), parts.Column("name", "Tên", 100), parts.Column("copies", "Bản", 20)],
            [{"name": "Đơn", "copies": 1}],
        )
    },
    required=("code", "rows"),
)
CARRIED = Wording(
    "Giấy thử",
    "GT",
    (
        Block(LINE, "Mã hồ sơ", "{code}"),
        Block(LINE, "Nộp thay", "{filed_by}", if_known=True),
        Block(PART, "Gồm:", "Không có giấy tờ", part="rows"),
        Block(SIGNATURE, "Người nộp", "{name}"),
    ),
)


def said(found):
    return [each.sentence for each in found]


def test_a_wording_survives_being_kept():
    worded = replace(CARRIED, blocks=(*CARRIED.blocks, Block(PART, part="rows", heads=("A", "B", "C"), strong=True)))
    assert Wording.read(worded.as_json()) == worded


def test_a_good_wording_has_no_problem_and_fills_every_kind():
    assert wording.wording_problems(CARRIED, VOCABULARY) == []
    known = {"code": "H05-9", "name": "Ánh", "rows": [{"name": "Đơn", "copies": 2}]}
    assert wording.fill_wording("Mã {code}, {filed_by}{gone}", known) == "Mã H05-9, "
    # The line that nobody needs is left out: line, heading, table, signatures.
    assert len(wording.body(CARRIED, VOCABULARY, known)) == 4
    assert len(wording.body(CARRIED, VOCABULARY, {**known, "filed_by": "Tí"})) == 5


def test_what_a_release_no_longer_knows_does_not_stop_the_counter():
    old = replace(CARRIED, blocks=(Block(LINE, "Cũ", "{gone}"), Block(PART, part="gone"), *CARRIED.blocks))
    assert len(wording.body(old, VOCABULARY, {"code": "1"})) == 4
    assert wording.wording_problems(old, VOCABULARY)


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (Block(LINE, "Mã", "{codee}"), "không có chỗ điền {codee}"),
        (Block(TEXT, text="Mã {code"), "dấu ngoặc nhọn bị thiếu"),
        (Block(TEXT, text="Mã code}"), "dấu ngoặc nhọn bị thiếu"),
        (Block(TEXT, text="{code.__class__}"), "không có chỗ điền"),
        (Block(LINE, "", "{code}"), "nhập nhãn"),
        (Block(TEXT, text=" "), "nhập nội dung"),
        (Block(QR, "Quét", ""), "nhập nội dung"),
        (Block(PART, part="fees"), "không có phần"),
        (Block(PART, part="rows", heads=("TT", "Tên")), "có 3 cột"),
        (Block("script", text="x"), "không dùng loại dòng này"),
        (Block(TEXT, text="x" * 2001), "quá dài"),
    ],
)
def test_a_bad_row_gets_a_sentence(block, sentence):
    found = wording.wording_problems(replace(CARRIED, blocks=(*CARRIED.blocks, block)), VOCABULARY)
    assert [each.block for each in found] == [4]
    assert sentence in found[0].sentence


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "nhập tên"),
        ({"title": "x" * 201}, "200 ký tự"),
        ({"sign": "TN HS"}, "Ký hiệu"),
        ({"sign": ""}, "Ký hiệu"),
        ({"size": 30}, "cỡ chữ"),
        ({"blocks": CARRIED.blocks[1:]}, "phải có “Mã hồ sơ”"),
        ({"blocks": CARRIED.blocks * 20}, "quá nhiều dòng"),
    ],
)
def test_a_bad_whole_gets_a_sentence(change, sentence):
    assert sentence in " ".join(said(wording.wording_problems(replace(CARRIED, **change), VOCABULARY)))


def test_differences_name_lines_that_changed_came_and_went():
    after = replace(
        CARRIED,
        sign="GTM",
        blocks=(Block(LINE, "Mã số hồ sơ", "{code}"), *CARRIED.blocks[2:], Block(TEXT, text="Cảm ơn")),
    )
    changes = wording.differences(CARRIED, after, VOCABULARY)
    assert ("Ký hiệu: GT", "Ký hiệu: GTM") in [(c.before, c.after) for c in changes]
    assert any("Mã số hồ sơ" in c.after for c in changes)
    assert ("", "Cảm ơn") in [(c.before, c.after) for c in changes]
    assert wording.differences(CARRIED, CARRIED, VOCABULARY) == []


def in_force(new=CARRIED, *, at=AT, reason="Thông tư mới"):
    draft = templates.begin_template("sample", new, by=ANN, at=at)
    draft = templates.keep_template("sample", new, revision=draft.revision, by=ANN, at=at)
    return templates.put_in_force("sample", VOCABULARY, revision=draft.revision, reason=reason, by=BOB, at=at)


@pytest.mark.django_db
def test_the_carried_wording_is_version_0_until_another_comes_into_force():
    assert templates.worded("sample", CARRIED) == (0, CARRIED)
    templates.begin_template("sample", replace(CARRIED, sign="MOI"), by=ANN, at=AT)
    assert templates.worded("sample", CARRIED) == (0, CARRIED)
    first = in_force(replace(CARRIED, sign="MOI"))
    assert templates.worded("sample", CARRIED) == (1, replace(CARRIED, sign="MOI"))
    second = in_force(replace(CARRIED, sign="HAI"), at=AT + timedelta(days=1))
    first.refresh_from_db()
    assert (second.version, first.state, first.ended_at) == (2, "superseded", AT + timedelta(days=1))
    assert templates.of_version("sample", 1, CARRIED).sign == "MOI"
    assert templates.of_version("sample", 0, CARRIED) == CARRIED
    assert templates.of_version("sample", 9, CARRIED) is None
    assert Entry.objects.filter(subject="paper_template:sample", verb="paper_template.put_in_force").count() == 2


@pytest.mark.django_db
def test_two_pairs_of_eyes_a_reason_and_no_mistake():
    draft = templates.begin_template("sample", CARRIED, by=ANN, at=AT)
    assert templates.begin_template("sample", CARRIED, by=BOB, at=AT) == draft
    for by, reason, revision, sentence in (
        (ANN, "Lý do", 0, "không tự đưa"),
        (BOB, " ", 0, "ghi lý do"),
        (BOB, "Lý do", 5, "vừa được sửa"),
    ):
        with pytest.raises(TemplateRefused, match=sentence):
            templates.put_in_force("sample", VOCABULARY, revision=revision, reason=reason, by=by, at=AT)
    broken = replace(CARRIED, blocks=(*CARRIED.blocks, Block(TEXT, text="{nobody}")))
    templates.keep_template("sample", broken, revision=0, by=ANN, at=AT)
    with pytest.raises(TemplateRefused, match="còn lỗi"):
        templates.put_in_force("sample", VOCABULARY, revision=1, reason="Lý do", by=BOB, at=AT)


@pytest.mark.django_db
def test_nobody_writes_over_anothers_work():
    templates.begin_template("sample", CARRIED, by=ANN, at=AT)
    templates.keep_template("sample", replace(CARRIED, sign="A"), revision=0, by=ANN, at=AT)
    with pytest.raises(TemplateRefused, match="Ann, Quản lý danh mục vừa sửa"):
        templates.keep_template("sample", replace(CARRIED, sign="B"), revision=0, by=BOB, at=AT)
    templates.abandon_template("sample", by=ANN)
    with pytest.raises(TemplateRefused, match="không còn bản soạn"):
        templates.keep_template("sample", CARRIED, revision=1, by=ANN, at=AT)


@pytest.mark.django_db
def test_the_database_keeps_versions_as_they_were():
    row = in_force()
    for change in ({"wording": {}}, {"version": 7}, {"state": "draft"}, {"maker": "account:9"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperTemplate.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():  # a second one in force
        PaperTemplate.objects.create(
            form="sample", version=2, state="in_force", wording={}, made_by="x", maker="1", made_at=AT,
            approver="2", reason="x", valid_from=AT,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():  # by one person alone
        PaperTemplate.objects.create(
            form="other", version=1, state="in_force", wording={}, made_by="x", maker="1", made_at=AT,
            approver="1", reason="x", valid_from=AT,
        )  # fmt: skip
