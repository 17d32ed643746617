"""Official papers in the cases that real days bring: who signs, what was handed in, very much and nothing at all."""

from io import BytesIO

import pytest
from django.db import transaction
from pikepdf import pdfa

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from digitization.models import StoredFile
from dossiers import letters
from dossiers.filing import draft_papers
from dossiers.filing import drafts as filing
from dossiers.letters import signing, subject
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierDocument
from tests.factories.dossiers import received, taken_in
from tests.factories.moments import at
from tests.factories.papers import content_of, one_line, pages_of, paper_of, said_by
from tests.papers.reading import Reading

Role = StaffPost.Role
TM = "TM. Ủy ban nhân dân"


def titled(actor: Actor, title: str, role: str = "") -> Actor:
    """The same person with this title (and role) at the same agency."""
    StaffPost.objects.filter(pk=actor.post.pk).update(title=title, role=role or actor.post.role)
    post = StaffPost.objects.select_related("account", "agency").get(pk=actor.post.pk)
    return Actor(account=actor.account, post=post, posts=(post,))


@pytest.mark.parametrize(
    ("key", "role", "title", "lines"),
    [
        ("commune_pc", Role.LEADER, "Chủ tịch", [TM, "Chủ tịch"]),
        ("commune_pc", Role.LEADER, "Phó Chủ tịch", [TM, "KT. Chủ tịch", "Phó Chủ tịch"]),
        ("commune_pc", Role.LEADER, "Phó Chủ tịch UBND phường", [TM, "KT. Chủ tịch", "Phó Chủ tịch"]),
        ("commune_pc", Role.LEADER, "Quyền Chủ tịch", [TM, "Q. Chủ tịch"]),
        ("commune_pc", Role.LEADER, "", [TM, "Chủ tịch"]),
        ("commune_pc", Role.UNIT_HEAD, "Trưởng phòng Kinh tế", ["TL. Chủ tịch", "Trưởng phòng Kinh tế"]),
        ("commune_pc", Role.UNIT_HEAD, "", ["TL. Chủ tịch", "Trưởng phòng"]),
        ("construction", Role.LEADER, "Giám đốc", ["Giám đốc"]),
        ("construction", Role.LEADER, "Phó Giám đốc", ["KT. Giám đốc", "Phó Giám đốc"]),
        (
            "construction",
            Role.UNIT_HEAD,
            "Phó Trưởng phòng Cấp phép",
            ["TL. Giám đốc", "KT. Trưởng phòng Cấp phép", "Phó Trưởng phòng Cấp phép"],
        ),
        ("office", Role.LEADER, "Phó Chánh Văn phòng", ["KT. Chánh Văn phòng", "Phó Chánh Văn phòng"]),
        ("inspectorate", Role.LEADER, "", ["Chánh Thanh tra"]),
        ("provincial_centre", Role.LEADER, "Phó Giám đốc", ["KT. Giám đốc", "Phó Giám đốc"]),
        ("commune_police", Role.LEADER, "", ["Trưởng Công an"]),
        # Whoever has no power to sign for the agency leaves the place to its head, to be signed by hand.
        ("construction", Role.OFFICER, "Chuyên viên", ["Giám đốc"]),
        ("commune_pc", Role.COUNTER, "", [TM, "Chủ tịch"]),
    ],
)
def test_the_signers_power_stands_before_the_name(cast, key, role, title, lines):
    here = {"commune_pc": cast.agency.territory, "commune_police": cast.agency.territory}
    agency = Agency.objects.get(key=key, valid_to=None, **({"territory": here[key]} if key in here else {}))
    StaffPost.objects.filter(pk=cast.leader.post.pk).update(agency=agency)
    signer = titled(cast.leader, title, role)
    signs = role in (Role.LEADER, Role.UNIT_HEAD)
    assert signing.signature_block(signer, agency) == {
        "signer_title": "\n".join(lines),
        "signer": "lanhdao" if signs else "",
    }


@pytest.mark.parametrize(
    ("own", "lines"),
    [
        ("Phó Chủ tịch", [TM, "KT. Chủ tịch", "Phó Chủ tịch"]),
        ("Trưởng phòng Tư pháp", ["TUQ. Chủ tịch", "Trưởng phòng Tư pháp"]),
        ("", ["TUQ. Chủ tịch"]),
    ],
)
def test_whoever_acts_for_the_head_does_not_sign_as_the_head(cast, own, lines):
    leader = titled(cast.leader, "Chủ tịch")
    titled(cast.head, own)
    lent = StaffPost.objects.create(
        account=cast.head.account,
        agency=cast.agency,
        role=Role.LEADER,
        title="Chủ tịch",
        valid_from=leader.post.valid_from,
        valid_to="2027-01-01",
        delegated_by=leader.post,
    )
    block = signing.signature_block(Actor(account=cast.head.account, post=lent), cast.agency)
    assert block == {"signer_title": "\n".join(lines), "signer": "truong"}


def test_the_apology_is_signed_by_title_and_says_who_gets_it(cast, edition):
    leader = titled(cast.leader, "Phó Chủ tịch")
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "extend", leader, at=at("2026-11-05 09:00"), amount="3", reason="Chờ ý kiến")
    paper = paper_of(dossier, "apology")
    said_by(paper)
    reading = Reading(content_of(paper))
    powers = [reading.place(line) for line in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "lanhdao")]
    assert all(above.bottom > below.bottom for above, below in zip(powers, powers[1:], strict=False))
    assert "LÃNHĐẠOCƠQUAN" not in reading.text()
    assert reading.place("Nơi nhận:").right < powers[0].left
    for line in ("- Như trên;", f"- {cast.centre.name};", "- Lưu: VT, hồ sơ."):
        assert reading.place(line)


def moved(start: str, due: str, **facts) -> Dossier:
    return Dossier(limit_unit="at_once", limit_amount=0, received_at=at(start), original_due_at=at(due), **facts)


@pytest.mark.parametrize(
    ("dossier", "said"),
    [
        (moved("2026-11-23 09:00", "2026-11-23 17:00"), "Giải quyết ngay khi tiếp nhận"),
        (
            moved("2026-11-25 15:10", "2026-11-26 17:00", after_15h_next_day=True),
            "Trong ngày làm việc; hồ sơ nhận sau 15 giờ được trả kết quả trong ngày làm việc tiếp theo",
        ),
        (
            moved("2026-11-25 18:30", "2026-11-26 17:00"),
            "Trong ngày làm việc; hồ sơ nhận ngoài giờ làm việc được trả kết quả trong ngày làm việc tiếp theo",
        ),
        (moved("2026-11-23 09:00", "2026-11-23 17:00", extension_amount=1), "Giải quyết ngay khi tiếp nhận"),
    ],
)
def test_at_once_is_not_said_beside_another_day(dossier, said):
    assert subject.limit_of(dossier) == said


def test_the_title_is_not_said_twice_when_nothing_else_was_asked(cast, edition):
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    for content in ("", "  ", edition.title, edition.title.upper() + ".", f" {edition.title} "):
        dossier.content = content
        assert subject.of_dossier(dossier)["asked"] == edition.title
    dossier.content = "Nhà số 12"
    assert subject.of_dossier(dossier)["asked"] == f"{edition.title} (Nhà số 12)"


@pytest.mark.parametrize(
    ("own", "agency_phone", "centre_phone", "printed"),
    [
        ("0222 3855 101", "0222 3855 100", "0222 3822 000", "0222 3855 101"),
        ("", "0222 3855 100", "0222 3822 000", "0222 3855 100"),
        ("", "", "0222 3822 000", "0222 3822 000"),
        ("", "", "", "…" * 8),
    ],
)
def test_the_request_says_whom_to_ring_and_until_when(cast, edition, own, agency_phone, centre_phone, printed):
    StaffPost.objects.filter(pk=cast.officer.post.pk).update(phone=own)
    Agency.objects.filter(pk=cast.agency.pk).update(phone=agency_phone)
    Agency.objects.filter(pk=cast.centre.pk).update(phone=centre_phone)
    dossier = Dossier.objects.get(pk=received(cast, edition, at("2026-11-23 09:10"), limit_days="5").pk)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    officer = Actor(account=cast.officer.account, post=StaffPost.objects.get(pk=cast.officer.post.pk))
    execute_transition(dossier, "ask_supplement", officer, at=at("2026-11-23 11:00"), items=["Ảnh"], reason="Thiếu ảnh")
    text = said_by(paper_of(dossier, "completion"))
    assert f"chuyenvien, số điện thoại {printed}" in text
    assert "bổ sung đến hết 17 giờ 00 phút, ngày 22 tháng 01 năm 2027" in text
    assert "Nơi nhận: - Nguyễn Thị Ánh;" in text


def test_the_request_names_no_day_where_nothing_ends(cast, edition, settings):
    settings.SUPPLEMENT_WAIT_DAYS = 0
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    execute_transition(
        dossier, "ask_completion", cast.counter, at=at("2026-11-23 09:20"), items=["Ảnh"], reason="Thiếu"
    )
    text = said_by(paper_of(dossier, "completion"))
    assert "đến hết" not in text
    assert "- Nguyễn Thị Ánh; - Lưu: hồ sơ." in text, "who issues it is not among those it is sent to"


def test_what_was_sent_as_a_file_is_not_given_back_on_paper(cast, edition):
    draft = filing.start_draft(edition, cast.person, key="page", at=at("2026-11-23 08:00"))
    sent, later = list(edition.documents.all())[:2]
    file = StoredFile.objects.create(owner=draft.reference, name="don.pdf", size=1, sha256="0" * 64)
    draft_papers.attach_file(draft, sent, file)
    draft_papers.bring_later(draft, later, later=True)
    assert {(line.originals, line.copies) for line in draft.documents.all()} == {(0, 0)}
    with transaction.atomic():
        draft.code = "H05.160-261123-0007"
        stop = letters.issue_letter("stop", draft, by=cast.head, at=at("2026-11-24 09:00"), facts={"reason": "Đổi ý"})
    text = said_by(stop)
    assert "Hồ sơ không có bản giấy phải trả lại." in text
    assert one_line(sent.name) not in text
    receipt = letters.letter_facts("receipt", draft, by=cast.counter, at=at("2026-11-24 09:00"), facts={})
    assert [(row["originals"], row["copies"], row["note"]) for row in receipt["documents"]] == [
        (0, 0, "Bản điện tử"),
        (0, 0, "Bổ sung sau"),
    ]


def test_the_control_slip_names_every_body_that_took_part(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="10")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    finance = Agency.objects.get(key="finance", valid_to=None)
    asked = [cast.consulted.post.agency, finance]
    facts = {"agencies": asked, "question": "Có phù hợp quy hoạch không?", "limit_days": "2"}
    execute_transition(dossier, "ask_opinion", cast.officer, at=at("2026-11-03 09:00"), **facts)
    execute_transition(
        dossier, "give_opinion", cast.consulted, at=at("2026-11-04 09:00"), view="agrees", answer="Phù hợp"
    )
    with transaction.atomic():
        letters.issue_letter("control_slip", dossier, by=cast.officer, at=at("2026-11-06 16:00"), facts={})
    paper = paper_of(dossier, "control_slip")
    text = said_by(paper)
    assert "Cơ quan phối hợp: Sở Tài chính, Sở Xây dựng" in text
    asked_rows = [row for row in paper.facts["steps"] if row["name"] == "Lấy ý kiến phối hợp"]
    assert [row["receiver"] for row in asked_rows] == ["soxaydung, Sở Xây dựng", "Sở Tài chính"]
    assert {row["giver"] for row in asked_rows} == {f"chuyenvien, {cast.agency.name}"}
    assert asked_rows[0]["result"].startswith("Trước hạn")
    assert asked_rows[1]["result"] == "Đang giải quyết, quá hạn"
    # Both who give and who take sign each hand-over.
    reading = Reading(content_of(paper))
    assert reading.place("Người giao ký").right < reading.place("Người nhận ký").left


def test_very_much_is_printed_whole(cast, edition):
    name = "Công ty Cổ phần Đầu tư Xây dựng và Phát triển Hạ tầng Khu công nghiệp " * 3
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    dossier.owner_name, dossier.content = name[:250], ("Xin cấp lại cho nhà xưởng số 12, " * 15)[:500]
    dossier.contact_address = ("Lô CN-12, Khu công nghiệp Quế Võ mở rộng, " * 7)[:300]
    dossier.contact_email = "a" * 60 + "@" + "b" * 60 + ".vn"
    dossier.save()
    DossierDocument.objects.bulk_create(
        DossierDocument(dossier=dossier, position=100 + n, name=f"Giấy tờ số {n} " + "rất dài " * (n % 20), originals=1)
        for n in range(60)
    )
    DossierDocument.objects.create(dossier=dossier, position=999, name="Bảng kê " + "dòng kê khai " * 900, copies=1)
    execute_transition(dossier, "receive", cast.counter, at=at("2026-11-23 09:10"), limit_days="5")
    receipt = paper_of(dossier, "receipt")
    reading = Reading(content_of(receipt))
    for said in (dossier.owner_name, dossier.content, dossier.contact_address, dossier.contact_email):
        assert reading.places(said)
    assert all(len(reading.places(f"Giấy tờ số {n} rất dài")) == 2 for n in range(60) if n % 20)
    assert len(reading.places("dòng kê khai")) >= 2 * 850  # some stand across the turn of a page
    pages = pages_of(content_of(receipt))
    copies = [page for page in pages if "Liên 1" in page]
    assert len(copies) * 2 == len(pages)
    assert "NGƯỜI NỘP HỒ SƠ" in copies[-1]
    width, _height = reading.sizes[0]
    assert max(letter.right for letter in reading.letters) < width - 40
    for form in ("stop", "apology", "completion", "refusal", "control_slip"):
        facts = {"reason": "Lý do rất dài. " * 300, "items": ["Giấy tờ " + "dài " * 200] * 30}
        with transaction.atomic():
            paper = letters.issue_letter(form, dossier, by=cast.leader, at=at("2026-11-24 09:00"), facts=facts)
        assert pdfa.validate_written(BytesIO(content_of(paper)), "2b").passed
        reading = Reading(content_of(paper))
        assert max(letter.right for letter in reading.letters) < reading.sizes[0][0] - 40


def test_papers_of_the_province_are_headed_dated_and_signed_from_the_province(cast, edition):
    construction = Agency.objects.get(key="construction", valid_to=None)
    StaffPost.objects.filter(pk=cast.leader.post.pk).update(agency=construction)
    leader = titled(cast.leader, "Phó Giám đốc")
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    dossier.settling_agency = construction
    dossier.receiving_agency = Agency.objects.get(key="provincial_centre", valid_to=None)
    with transaction.atomic():
        facts = {"reason": "Chờ ý kiến"}
        apology = letters.issue_letter("apology", dossier, by=leader, at=at("2026-11-05 09:00"), facts=facts)
        receipt = letters.issue_letter("receipt", dossier, by=cast.counter, at=at("2026-11-05 09:00"), facts={})
    text = said_by(apology)
    assert "UBND TỈNH BẮC NINH SỞ XÂY DỰNG CỘNG HÒA" in text
    assert "Bắc Ninh, ngày 05 tháng 11 năm 2026" in text
    assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" in text
    assert "VĂN PHÒNG UBND TỈNH BẮC NINH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH BẮC NINH" in said_by(receipt)
