"""Specialised software by configuration, over real HTTP with faults: given, asked, its result taken, its team told."""

import json
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.lifecycle import execute_transition
from exchange.connectors.specialised import work
from exchange.models import SpecialisedDossier, SpecialisedSystem
from exchange.specialised_mapping import EXAMPLE, read_rules
from simulators.specialised.__main__ import Book, Fault, Software
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import staff_actor
from tests.factories.scans import PDF
from tests.factories.servers import serving


@contextmanager
def serving_software(secret: str):
    book = Book(secret)
    with serving(Software, book=book, files={"/ket-qua.pdf": PDF}) as book.url:
        yield book


@pytest.fixture
def software(db):
    with serving_software("ma-truy-cap") as book:
        yield book


@pytest.fixture
def system(cast, software):
    rules = read_rules(EXAMPLE)
    return SpecialisedSystem.objects.create(
        key="xay-dung", name="Phần mềm xây dựng", url=software.url, secret="ma-truy-cap", mapping=EXAMPLE,
        procedures=list(rules.procedures), post=cast.officer.post,
    )  # fmt: skip


@pytest.fixture
def dossier(cast, edition):
    made = received(cast, edition, at("2026-11-23 09:00"))
    execute_transition(made, "take", cast.officer, at=at("2026-11-23 10:00"))
    return made


def rounds(number: int = 1, hours: int = 0) -> None:
    begin = timezone.now() + timedelta(hours=hours)
    for n in range(number):
        work.work_off(at=begin + timedelta(minutes=31 * n))


def test_a_dossier_is_given_asked_about_and_its_result_attached(cast, system, dossier, software, media):
    rounds()
    assert software.dossiers[dossier.code]["maThuTuc"] == "1.013228"
    assert software.dossiers[dossier.code]["ngayTiepNhan"] == "2026-11-23T09:00:00+07:00"
    rounds(1, hours=1)
    assert SpecialisedDossier.objects.get().status == "Đang thẩm định"
    software.settle(dossier.code, tenVanBan="Giấy phép", ketLuan="CAP", diaChiTep="/ket-qua.pdf")
    rounds(3, hours=2)
    row = SpecialisedDossier.objects.get()
    assert (row.status, row.last_error) == ("Đã xong", "")
    result = dossier.documents.get(kind="result")
    assert (result.name, result.outcome, result.file is not None) == ("Giấy phép", "granted", True)
    assert dossier.events.last().actor.startswith("Phần mềm xây dựng (thay vị trí")
    client = Client()
    client.force_login(cast.officer.account, backend="accounts.backends.AccountBackend")
    assert "Phần mềm xây dựng: Đã xong" in client.get(reverse("dossier", args=[dossier.code])).content.decode()


def test_a_status_that_the_mapping_does_not_know_is_said_to_be_that_until_it_does(cast, system, dossier, software):
    rounds()
    software.answers[dossier.code] |= {"phienBan": "2", "trangThai": "CHO_LIEN_THONG"}
    rounds(1, hours=1)
    officer, administrator = Client(), Client()
    officer.force_login(cast.officer.account, backend="accounts.backends.AccountBackend")
    actor = staff_actor("qt.office", "office", StaffPost.Role.ADMINISTRATOR)
    administrator.force_login(actor.account, backend="accounts.backends.AccountBackend")
    of_dossier, of_system = reverse("dossier", args=[dossier.code]), reverse("manage-specialised-one", args=[system.pk])
    assert "“CHO_LIEN_THONG”, cổng chưa biết nghĩa là gì. Hãy hỏi" in officer.get(of_dossier).content.decode()
    assert "Có trạng thái chưa biết" in administrator.get(reverse("manage-specialised")).content.decode()
    assert "CHO_LIEN_THONG</code> · 1 hồ sơ" in administrator.get(of_system).content.decode()
    learnt = EXAMPLE.replace("statuses: {", "statuses: {CHO_LIEN_THONG: Chờ cơ quan khác, ")
    said = {"name": "Phần mềm", "key": "phan-mem", "url": software.url, "secret": "", "do": "save", "active": "on"}
    said["post"] = f"chuyenvien {cast.agency.code}"
    for words in ("Chờ nơi khác", "Chờ cơ quan khác"):  # of what has ended nothing is heard again
        administrator.post(of_system, {**said, "mapping": learnt.replace("Chờ cơ quan khác", words)})
        assert SpecialisedDossier.objects.get().status == words
    administrator.post(of_system, {**said, "mapping": EXAMPLE})
    assert SpecialisedDossier.objects.get().status == "CHO_LIEN_THONG"
    SpecialisedSystem.objects.update(mapping=learnt)
    assert "Chờ cơ quan khác" in officer.get(of_dossier).content.decode()
    assert "Trạng thái chưa biết" not in administrator.get(of_system).content.decode()
    SpecialisedSystem.objects.update(mapping="")
    assert officer.get(of_dossier).status_code == 200, "a mapping that cannot be read any more breaks no page"


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.LOST_ANSWER])
def test_after_faults_it_has_the_dossier_as_it_is(system, dossier, software, fault):
    software.fault = fault
    rounds(2)
    assert SpecialisedDossier.objects.get().last_error
    software.fault = Fault.NONE
    rounds(3, hours=3)
    row = SpecialisedDossier.objects.get()
    assert (row.pushed_revision, row.last_error) == (dossier.revision, "")
    assert software.dossiers[dossier.code]["lanSua"] == dossier.revision


def test_a_slow_system_leaves_its_time_to_the_others(cast, system, dossier, edition, software):
    for key in "abc":
        received(cast, edition, at("2026-11-23 09:00"), key=key)
    software.fault, software.slow_seconds = Fault.SLOW, 1.1
    with serving_software("khac") as other:
        SpecialisedSystem.objects.create(
            key="khac", name="Phần mềm khác", url=other.url, secret="khac", mapping=EXAMPLE,
            procedures=system.procedures, post=cast.officer.post,
        )  # fmt: skip
        assert work.work_off(at=timezone.now(), budget=TimeBudget(60, share=1.0)) == 5
    assert (len(software.given), len(other.given)) == (1, 4)
    assert not SpecialisedDossier.objects.exclude(last_error="").exists()


def test_a_change_here_is_given_anew_and_other_procedures_are_not(cast, system, dossier, software):
    rounds()
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=timezone.now(), items=[{"name": "Bản vẽ"}], reason="Thiếu"
    )
    rounds(1, hours=1)
    assert software.given == [dossier.code, dossier.code]
    SpecialisedSystem.objects.update(procedures=["9.999999"])
    execute_transition(dossier, "answer_supplement", cast.counter, at=timezone.now(), answer="Đã nộp")
    rounds(1, hours=2)
    assert len(software.given) >= 2


def test_a_result_that_cannot_be_attached_waits_and_says_why(cast, system, dossier, software):
    rounds()
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=timezone.now(), items=[{"name": "Bản vẽ"}], reason="Thiếu"
    )
    rounds(1, hours=1)
    software.settle(dossier.code, tenVanBan="Giấy phép", ketLuan="CAP", noiDung="Chấp thuận")
    rounds(2, hours=2)
    assert SpecialisedDossier.objects.get().last_error
    assert not dossier.documents.filter(kind="result").exists()


def test_a_conclusion_that_the_mapping_does_not_know_is_no_grant(system, dossier, software):
    rounds()
    software.settle(dossier.code, tenVanBan="Thông báo", ketLuan="KHONG_DU_DIEU_KIEN", noiDung="Từ chối")
    rounds(1, hours=1)
    assert "KHONG_DU_DIEU_KIEN" in SpecialisedDossier.objects.get().last_error
    assert not dossier.documents.filter(kind="result").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        "a: [",
        "procedures: []",
        EXAMPLE.replace("1.013228", "không"),
        EXAMPLE.replace("maHoSo: code", "maHoSo: ma"),
        EXAMPLE.replace("version: phienBan, ", ""),
        EXAMPLE.replace("CAP: granted", "CAP: tốt"),
        f"{EXAMPLE}\nthua: 1",
    ],
)
def test_a_wrong_mapping_is_told(wrong):
    with pytest.raises(Refused):
        read_rules(wrong)


def test_an_administrator_keeps_and_tries_a_mapping(cast, software, dossier):
    client, other = Client(), Client()
    for each, agency in ((client, "office"), (other, "justice")):
        actor = staff_actor(f"qt.{agency}", agency, StaffPost.Role.ADMINISTRATOR)
        each.force_login(actor.account, backend="accounts.backends.AccountBackend")
    page = reverse("manage-specialised")
    assert other.get(page).status_code == 403
    said = {"name": "Phần mềm", "key": "phan-mem", "url": software.url, "secret": "s", "mapping": EXAMPLE}
    said |= {"active": "on", "post": f"chuyenvien {cast.agency.code}"}
    assert client.post(page, {**said, "mapping": "x: 1"}).status_code == 422
    for address in ("https://[", "https://a.example:99999", "ftp://a.example"):
        assert client.post(page, {**said, "url": address}).status_code == 422, "and no fault of ours"
    assert client.post(page, {**said, "post": "quay"}).status_code == 422, "a counter attaches no result"
    client.post(page, said)
    system = SpecialisedSystem.objects.get()
    one = reverse("manage-specialised-one", args=[system.pk])
    tried = {
        **said,
        "secret": "",
        "do": "try",
        "code": dossier.code,
        "answer": '{"phienBan": "2", "trangThai": "DA_XONG"}',
    }
    shown = client.post(one, tried).content.decode()
    assert dossier.code in shown
    assert "Đã xong" in shown
    assert cast.person.personal_number not in shown
    assert "không có trong bảng ánh xạ" not in shown
    answer = {"phienBan": "3", "trangThai": "TRA_LAI", "nguoiXuLy": "x"}
    answer["ketQua"] = {"tenVanBan": "Giấy phép", "ketLuan": "CAP", "soKyHieu": "12/GP"}
    shown = client.post(one, {**tried, "answer": json.dumps(answer)}).content.decode()
    for words in ("“TRA_LAI” không có trong bảng ánh xạ", "không đọc: nguoiXuLy", "Tên văn bản", "Chấp thuận"):
        assert words in shown
    assert shown.count("granted") == 1, "in the mapping itself, not in what the answer means"
    assert client.post(one, {**tried, "answer": "{}"}).status_code == 422
    client.post(one, {**said, "secret": "", "do": "save", "name": "Tên mới"})
    system.refresh_from_db()
    assert (system.name, system.secret) == ("Tên mới", "s")


def test_the_other_team_is_told_in_words_what_is_wrong(software):
    out = StringIO()
    call_command("connector_check", software.url, secret="ma-truy-cap", specialised=True, stdout=out)
    assert "takes dossiers and tells of them as it should" in out.getvalue()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("connector_check", software.url, secret="khac", specialised=True, stdout=out)
    assert "does not accept the token" in out.getvalue()
    for fault, words in (
        (Fault.OPEN_TO_ALL, "answer 401"),
        (Fault.FORGETFUL, "Answer 200 with JSON"),
        (Fault.BROKEN, "HTTP 500"),
    ):
        software.fault, out = fault, StringIO()
        with pytest.raises(CommandError):
            call_command("connector_check", software.url, secret="ma-truy-cap", specialised=True, stdout=out)
        assert words in out.getvalue()
    software.fault, out = Fault.NONE, StringIO()
    software.answers["H00.000-260101-0001"]["ketQua"] = {"tenVanBan": "Giấy phép", "ketLuan": "CHO"}
    with pytest.raises(CommandError):
        call_command("connector_check", software.url, secret="ma-truy-cap", specialised=True, stdout=out)
    assert "“CHO”" in out.getvalue(), "not that version and status were missing"


@pytest.mark.parametrize(
    ("address", "more", "words"),
    [
        ("http://127.0.0.1:1", {}, "No answer came"),
        ("https://[", {}, "begin with https"),
        ("https://a.example:99999", {}, "begin with https"),
        ("not-an-address", {}, "begin with https"),
        ("https://a.example", {"mapping": Path("nowhere.yaml")}, "cannot be read"),
    ],
)
def test_an_address_or_a_mapping_that_leads_nowhere_is_told_so(db, address, more, words):
    out = StringIO()
    with pytest.raises(CommandError) as told:
        call_command("connector_check", address, secret="s", specialised=True, stdout=out, **more)
    assert words in f"{out.getvalue()} {told.value}"
