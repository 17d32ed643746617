"""Wordings as data: what may be said, who puts it in force, and that nothing of it changes afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Account
from core.refusals import Refused
from core.second_person import SecondPersonMissing, StaleDraft
from core.versions import VersionRefused
from journal.models import Entry
from papers import parts, templates, wording
from papers.models import PaperTemplate
from papers.templates import TemplateWorkflow
from papers.wording import LINE, PART, QR, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording

AT = timezone.make_aware(timezone.datetime(2026, 11, 23, 9, 10))
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
    assert len(wording.body(old, VOCABULARY, {"code": "1"})) == 3
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


WORKFLOW = TemplateWorkflow(VOCABULARY)


def actor(name):
    return Actor(account=Account.objects.create_account(name, None, full_name=name.title()))


@pytest.fixture
def ann(db):
    return actor("ann")


@pytest.fixture
def bob(db):
    return actor("bob")


def in_force(ann, bob, new=CARRIED, *, at=AT):
    draft = WORKFLOW.begin_template("sample", new, by=ann, at=at)
    draft.wording = new.as_json()
    draft = WORKFLOW.save_draft(draft, revision=draft.revision, by=ann, at=at)
    WORKFLOW.submit_draft(draft.pk, revision=draft.revision, by=ann, at=at)
    return WORKFLOW.put_in_force(draft.pk, revision=draft.revision, reason="Thông tư mới", by=bob, at=at)


def test_the_carried_wording_is_version_0_until_another_comes_into_force(ann, bob):
    assert templates.worded("sample", CARRIED) == (0, CARRIED)
    WORKFLOW.begin_template("sample", replace(CARRIED, sign="MOI"), by=ann, at=AT)
    assert templates.worded("sample", CARRIED) == (0, CARRIED)
    first = in_force(ann, bob, replace(CARRIED, sign="MOI"))
    assert templates.worded("sample", CARRIED) == (1, replace(CARRIED, sign="MOI"))
    second = in_force(ann, bob, replace(CARRIED, sign="HAI"), at=AT + timedelta(days=1))
    first.refresh_from_db()
    assert (second.number, first.status, first.ended_at) == (2, "replaced", AT + timedelta(days=1))
    assert templates.of_version("sample", 1, CARRIED).sign == "MOI"
    assert templates.of_version("sample", 0, CARRIED) == CARRIED
    assert templates.of_version("sample", 9, CARRIED) is None
    assert Entry.objects.filter(subject="paper_template:sample", verb="paper_template.in_force").count() == 2
    WORKFLOW.undo(second.pk, reason="Nhầm", by=bob, at=AT + timedelta(days=2))
    assert templates.worded("sample", CARRIED) == (1, replace(CARRIED, sign="MOI"))
    WORKFLOW.undo(first.pk, reason="Nhầm", by=bob, at=AT + timedelta(days=2))
    assert templates.worded("sample", CARRIED) == (0, CARRIED)


def test_two_pairs_of_eyes_a_reason_and_no_mistake(ann, bob):
    draft = WORKFLOW.begin_template("sample", CARRIED, by=ann, at=AT)
    assert WORKFLOW.begin_template("sample", CARRIED, by=bob, at=AT) == draft
    broken = replace(CARRIED, blocks=(*CARRIED.blocks, Block(TEXT, text="{nobody}")))
    draft.wording = broken.as_json()
    WORKFLOW.save_draft(draft, revision=0, by=ann, at=AT)
    with pytest.raises(VersionRefused, match="nobody"):
        WORKFLOW.submit_draft(draft.pk, revision=1, by=ann, at=AT)
    draft.wording = CARRIED.as_json()
    WORKFLOW.save_draft(draft, revision=1, by=ann, at=AT)
    WORKFLOW.submit_draft(draft.pk, revision=2, by=ann, at=AT)
    for by, reason, revision, refusal in (
        (ann, "Lý do", 2, SecondPersonMissing),
        (bob, " ", 2, Refused),
        (bob, "Lý do", 5, StaleDraft),
    ):
        with pytest.raises(refusal):
            WORKFLOW.put_in_force(draft.pk, revision=revision, reason=reason, by=by, at=AT)


def test_nobody_writes_over_anothers_work(ann, bob):
    draft = WORKFLOW.begin_template("sample", CARRIED, by=ann, at=AT)
    draft.wording = replace(CARRIED, sign="A").as_json()
    WORKFLOW.save_draft(draft, revision=0, by=ann, at=AT)
    with pytest.raises(StaleDraft, match="Ann đã lưu bản này lúc 09:10, 23/11/2026"):
        WORKFLOW.save_draft(draft, revision=0, by=bob, at=AT)
    WORKFLOW.discard_draft(draft.pk, by=ann)
    with pytest.raises(VersionRefused, match="đã được bỏ"):
        WORKFLOW.save_draft(draft, revision=1, by=ann, at=AT)


def test_the_database_keeps_versions_as_they_were(ann, bob):
    row = in_force(ann, bob)
    for change in ({"wording": {}}, {"number": 7}, {"status": "draft"}, {"editors": []}, {"in_force_by": ann.account}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperTemplate.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    decided = {"status": "in_force", "number": 1, "wording": {}, "in_force_at": AT, "reason": "x"}
    written = {"edited_by": ann.account, "editors": [ann.account.pk]}
    with pytest.raises(IntegrityError), transaction.atomic():  # a second one in force
        PaperTemplate.objects.create(**decided | {"form": "sample", "number": 2}, **written, in_force_by=bob.account)
    for alone in ({"in_force_by": ann.account}, {"in_force_by": None}):
        with pytest.raises(IntegrityError, match="template_by_a_second_person"), transaction.atomic():
            PaperTemplate.objects.create(form="other", **decided, **written, **alone)
