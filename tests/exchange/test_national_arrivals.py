"""Where people file at the national portal: their dossiers come here with their files, and our answers go back."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.access import tracking
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from dossiers.search import dossiers_matching
from exchange.connectors.national import arrivals, differences, sending
from exchange.connectors.national.applications import application_of
from exchange.health import healths
from exchange.models import Arrival, Synchronisation
from simulators.national.book import Fault
from simulators.national.pages import do_as_applicant
from tests.factories.dossiers import drafted_online, to_result
from tests.factories.people import staff_actor
from tests.factories.scans import PDF

FILED = {
    "MaTTHC": "1.013228",
    "ChuHoSo": "Nguyễn Thị Ánh",
    "LoaiDoiTuong": "1",
    "MaDoiTuong": "027190000011",
    "SoDienThoai": "0912345678",
    "MaDonViHanhChinh": "09187",
    "TrichYeuHoSo": "Cấp lại giấy phép xây dựng",
    "HinhThuc": "0",
}


@pytest.fixture
def national(portal, settings, cast):
    settings.ONLINE_FILING = "national"
    return portal


def stamp(moment=None):
    return f"{timezone.localtime(moment):%Y%m%d%H%M%S}"


def file_at_portal(portal, files=(), moment=None, **changes) -> str:
    return portal.file_dossier({**FILED, **changes}, list(files), stamp(moment))


def fetch(rounds: int = 1) -> None:
    begin = timezone.now()
    for n in range(rounds):
        arrivals.fetch_from_portal(at=begin + timedelta(minutes=31 * n))


def tell(rounds: int = 1) -> None:
    begin = timezone.now()
    for n in range(rounds):
        sending.tell_waiting(at=begin + timedelta(minutes=31 * n))


def arrived(code: str) -> Dossier:
    return Dossier.objects.get(other_codes__code=code)


def test_a_dossier_goes_the_whole_way(cast, national):
    code = file_at_portal(national, [("don.pdf", "application", PDF), ("anh.pdf", "khong-ro", PDF + b"\n")])
    fetch()
    dossier = arrived(code)
    assert (dossier.state, dossier.owner_name, dossier.content) == (
        State.FILED,
        FILED["ChuHoSo"],
        FILED["TrichYeuHoSo"],
    )
    assert dossier.documents.get(required_document__key="application").file.name == "don.pdf"
    assert dossier.documents.get(name="anh.pdf").file is not None, "a file of a paper we do not know is kept too"
    assert tracking.find_by_code(code.lower()) == dossier
    assert list(dossiers_matching(Dossier.objects.all(), code)) == [dossier]
    counter = Client()
    counter.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    assert code in counter.get(reverse("dossier", args=[dossier.code])).content.decode(), (
        "people name the code they have"
    )
    fetch()
    assert Dossier.objects.filter(filer=dossier.filer).count() == 1
    now = timezone.now()
    execute_transition(dossier, "ask_completion", cast.counter, at=now, items=[{"name": "Bản vẽ"}], reason="Mờ")
    tell()
    told = national.dossiers[code]
    assert (told["TrangThaiHoSo"], told["SoBienNhan"]) == ("5", dossier.code)
    assert told["DanhSachHoSoBoSung"][0]["NoiDungBoSung"] == "Mờ"
    later = now + timedelta(minutes=1)
    national.answer_supplement(code, "Gửi lại bản vẽ", [("ban-ve.pdf", "", PDF + b"\n\n")], stamp(later))
    fetch()
    dossier.refresh_from_db()
    assert dossier.state == State.FILED
    assert dossier.supplement_requests.get().answer == "Gửi lại bản vẽ"
    assert dossier.documents.get(name="ban-ve.pdf").file is not None
    execute_transition(dossier, "accept", cast.counter, at=now, limit_days="5")
    to_result(cast, dossier, now + timedelta(minutes=5))
    tell()
    told = national.dossiers[code]
    assert told["TrangThaiHoSo"] == "9"
    address = told["DanhSachGiayToKetQua"][0]["DuongDanTepTinKetQua"]
    got = Client().get(address[address.index("/national/") :])
    assert b"".join(got.streaming_content) == PDF
    assert Client().get(reverse("national-file", args=["x"])).status_code == 404
    execute_transition(dossier, "return_result", cast.counter, at=now + timedelta(hours=1))
    tell()
    assert national.dossiers[code]["TrangThaiHoSo"] == "10"
    differences.compare_dossiers(at=timezone.now())
    assert not differences.open_differences().exists()


def test_a_withdrawal_at_the_portal_counts_before_we_tell_anything(cast, national):
    code = file_at_portal(national)
    fetch()
    dossier = arrived(code)
    execute_transition(dossier, "accept", cast.counter, at=timezone.now(), limit_days="5", lacking_ground="at_return")
    national.withdraw(code, stamp(timezone.now() + timedelta(minutes=1)))
    tell()
    dossier.refresh_from_db()
    assert dossier.state == State.WITHDRAWN
    assert national.dossiers[code]["TrangThaiHoSo"] == str(int(State.WITHDRAWN))


def test_files_sent_without_being_asked_for_come_as_a_message(cast, national):
    code = file_at_portal(national)
    fetch()
    national.answer_supplement(code, "", [("them.pdf", "", PDF)], stamp(timezone.now() + timedelta(minutes=1)))
    fetch()
    message = arrived(code).messages.get()
    assert message.from_applicant
    assert [file.name for file in message.files.all()] == ["them.pdf"]


@pytest.mark.parametrize(
    "fault", [Fault.MISSING_FILE, Fault.CUT_FILE, Fault.BROKEN, Fault.NO_JSON, Fault.SESSION_ENDED, Fault.LOST_ANSWER]
)
def test_each_passing_fault_ends_with_one_dossier(cast, national, fault):
    code = file_at_portal(national, [("don.pdf", "application", PDF)])
    if fault in (Fault.MISSING_FILE, Fault.CUT_FILE):
        fault, national.fault, national.fault_calls = Fault.NONE, fault, 4
    else:
        national.fault, national.fault_calls = fault, 2
    fetch(8)
    assert arrived(code).documents.exclude(file=None).count() == 1
    assert Arrival.objects.get().taken_version == Arrival.objects.get().seen_version


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"MaTTHC": "thu-tuc"}, "no_procedure"),
        ({"MaTTHC": "1.999999"}, "unknown_procedure"),
        ({"MaDoiTuong": "12"}, "bad_number"),
        ({"LoaiDoiTuong": "2", "MaDoiTuong": "2300233993"}, "no_filer"),
        ({"MaTruongHop": "khac"}, "unknown_case"),
    ],
)
def test_what_cannot_be_taken_in_is_parked_with_its_reason(cast, national, changes, code):
    file_at_portal(national, **changes)
    file_at_portal(national)
    fetch()
    parked = arrivals.parked_arrivals().get()
    assert parked.last_error
    with pytest.raises(Refused) as refusal:
        arrivals.take_arrival(parked, at=timezone.now())
    assert refusal.value.code == code
    assert Dossier.objects.filter(state=State.FILED).count() == 1, "the others are not kept waiting"
    assert not Dossier.objects.filter(state=State.DRAFT).exists(), "nothing half done"


def test_an_enterprise_files_through_its_representative(cast, national):
    whose = {"LoaiDoiTuong": "2", "ChuHoSo": "Công ty Kinh Bắc", "MaDoiTuong": "2300233993"}
    code = file_at_portal(national, **whose, NguoiNop="Nguyễn Thị Ánh", MaNguoiNop="027190000011")
    fetch()
    dossier = arrived(code)
    assert (dossier.owner_name, dossier.filing_ground) == ("Công ty Kinh Bắc", "representative")
    assert dossier.owner_enterprise.tax_number == "2300233993"


def test_a_body_without_a_tax_number_is_known_by_its_founding_decision(cast, national, monkeypatch):
    from exchange.connectors.national import applications

    mapping = applications.present_mapping()
    more = {"owner_founded_on": "NgayQD", "owner_founded_by": "CoQuanQD"}
    wider = {**mapping, "inbox": {**mapping["inbox"], "dossier": {**mapping["inbox"]["dossier"], **more}}}
    whose = {
        "LoaiDoiTuong": "2",
        "NguoiNop": "Nguyễn Thị Ánh",
        "MaNguoiNop": "027190000011",
        "MaDoiTuong": "123/QĐ-UBND",
    }
    monkeypatch.setattr(applications, "present_mapping", lambda: wider)
    decisions = [
        ("Trường Kinh Bắc", "20190305", "UBND tỉnh Bắc Ninh"),
        ("Trạm Võ Cường", "20200101", "UBND phường Võ Cường"),
    ]
    codes = [
        file_at_portal(national, **whose, ChuHoSo=name, NgayQD=day, CoQuanQD=issuer) for name, day, issuer in decisions
    ]
    fetch()
    bodies = [arrived(code).owner_enterprise for code in codes]
    assert [(body.name, body.decision_number) for body in bodies] == [
        (name, "123/QĐ-UBND") for name, *_rest in decisions
    ]
    assert bodies[0].decision_issuer == "UBND tỉnh Bắc Ninh"
    # The number alone, under a name that neither has: a person looks.
    file_at_portal(national, **whose, ChuHoSo="Hội Làng Gốm")
    fetch()
    assert Arrival.objects.get(last_error__gt="").last_error.startswith("Số này đã có")


def test_files_are_fetched_from_the_portal_only(cast, national):
    code = file_at_portal(national, [("don.pdf", "application", PDF)])
    national.dossiers[code]["TaiLieuNop"][0]["DuongDanTaiTepTin"] = "http://elsewhere.example/don.pdf"
    fetch()
    assert "NATIONAL_FILE_HOSTS" in arrivals.parked_arrivals().get().last_error


def test_a_slow_portal_is_listed_in_several_rounds(cast, national, monkeypatch):
    begin = timezone.now() - timedelta(hours=3)
    codes = [file_at_portal(national, moment=begin + timedelta(seconds=n)) for n in range(5)]
    inbox = {**arrivals.present_mapping()["inbox"], "rows_a_page": 2}
    monkeypatch.setattr(arrivals, "present_mapping", lambda: {"inbox": inbox})
    for seen in (2, 4, 5):
        arrivals.find_arrivals(at=timezone.now(), budget=TimeBudget(0))
        assert list(Arrival.objects.order_by("pk").values_list("external_id", flat=True)) == codes[:seen]


def test_nothing_is_fetched_where_people_file_here(cast, national, settings):
    settings.ONLINE_FILING = "here"
    file_at_portal(national)
    assert arrivals.fetch_from_portal(at=timezone.now()) == 0


def test_staff_take_in_set_aside_and_take_over(cast, national):
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    page = reverse("manage-national")
    code = file_at_portal(national, MaDonViHanhChinh="", MaTTHC="1.999999")
    other = file_at_portal(national, MaTTHC="1.999998")
    fetch()
    shown = client.get(page).content.decode()
    assert code in shown
    assert other in shown
    national.dossiers[code] |= {"MaTTHC": "1.013228", "MaDonViHanhChinh": "09187"}
    rows = {row.external_id: row.pk for row in arrivals.parked_arrivals()}
    client.post(page, {"do": "arrival-retry", "row": rows[code]})
    client.post(page, {"do": "arrival-aside", "row": rows[other]})
    fetch()
    dossier = arrived(code)
    assert not arrivals.parked_arrivals().exists()
    tell()
    national.dossiers[code]["TrangThaiHoSo"] = "7"
    differences.compare_dossiers(at=timezone.now())
    found = differences.open_differences().get()
    assert "Công dân yêu cầu rút hồ sơ" in client.get(page).content.decode(), "codes are explained in words"
    client.post(page, {"do": "take", "row": found.pk})
    dossier.refresh_from_db()
    assert dossier.state == State.WITHDRAWN
    tell()
    differences.compare_dossiers(at=timezone.now())
    assert not differences.open_differences().exists()
    national.dossiers[code]["NgayTiepNhan"] = "20200101000000"
    differences.compare_dossiers(at=timezone.now())
    found = differences.open_differences().filter(field="NgayTiepNhan").get()
    answer = client.post(page, {"do": "take", "row": found.pk}, follow=True).content.decode()
    assert "hãy gửi lại dữ liệu của tỉnh" in answer, "what the province decides is not taken over"


def test_both_sides_agree_after_many_dossiers_and_faults(cast, national, settings):
    dice = random.Random(14)
    begin = timezone.now() - timedelta(hours=2)
    codes = [file_at_portal(national, moment=begin + timedelta(seconds=n // 3)) for n in range(60)]
    passing = [Fault.BROKEN, Fault.LOST_ANSWER, Fault.SESSION_ENDED, Fault.NO_JSON]
    for n in range(8):
        national.fault, national.fault_calls = dice.choice(passing), dice.choice([1, 2])
        now = timezone.now() + timedelta(hours=n)
        arrivals.fetch_from_portal(at=now)
        sending.tell_waiting(at=now)
    national.fault = Fault.NONE
    for night in range(2):
        now = timezone.now() + timedelta(days=2 + night)
        arrivals.fetch_from_portal(at=now, back=arrivals.NIGHTLY)
        sending.tell_waiting(at=now)
    ours = dict(Synchronisation.objects.values_list("external_id", "dossier__code"))
    assert sorted(ours) == sorted(codes)
    assert {code: national.dossiers[code]["SoBienNhan"] for code in codes} == ours
    assert not arrivals.waiting_arrivals().exists()


def test_the_applicants_page_of_the_simulator_files(cast, national):
    do_as_applicant(national, {**FILED, "do": "file", "MaThanhPhanHoSo": "application"})
    (code,) = national.changed
    fetch()
    assert arrived(code).documents.get(required_document__key="application").file is not None


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"MaHoSo": "A-1"},
        {"MaHoSo": "A-1", "MaTTHC": 5},
        {"MaHoSo": ["A"], "MaTTHC": "1.013228"},
        {"MaHoSo": "x" * 90, "MaTTHC": "1.013228"},
    ],
)
def test_an_item_without_code_or_procedure_is_refused(item):
    with pytest.raises(Refused):
        application_of(item)


def test_garbled_lists_of_an_item_are_none():
    item = {
        "MaHoSo": "A-1",
        "MaTTHC": "1.013228.H05",
        "TaiLieuNop": "x",
        "DanhSachHoSoBoSung": [1, None],
        "Email": None,
    }
    read = application_of(item)
    assert (read.procedure, read.files, read.answers, read.email) == ("1.013228", (), {}, "")
    gone = {"TepDinhKemId": "1", "IsDeleted": "1"}
    assert application_of({**item, "TaiLieuNop": [gone]}).files == ()


def test_a_draft_of_before_the_switch_is_kept_and_not_sent(cast, edition, settings):
    draft = drafted_online(cast, edition, timezone.now())
    settings.ONLINE_FILING = "national"
    with pytest.raises(Refused, match="còn nguyên"):
        execute_transition(draft, "send", cast.citizen, at=timezone.now())
    client = Client()
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    shown = client.get(reverse("file-tasks", args=[draft.uid])).content.decode()
    assert settings.NATIONAL_PORTAL_URL in shown
    assert "không gửi được ở đây nữa" in shown
    assert Dossier.objects.get(pk=draft.pk).documents.count() == draft.documents.count()


def test_what_cannot_come_in_is_on_the_page_of_connections(national, cast):
    file_at_portal(national, MaTTHC="9.999999")
    fetch()
    [health] = [each for each in healths(at=timezone.now()) if each.name == "national"]
    assert (health.parked, health.in_trouble) == (1, True)
