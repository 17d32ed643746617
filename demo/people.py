"""The demonstration's people: staff posts in every role, citizens and enterprises, all fictitious.

Personal numbers are well formed and end in 99xxxx, tax numbers begin 2399000; both belong to nobody we know of.
Everything is derived from the lists below, so that loading twice changes nothing and sign-ins can be documented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Enterprise, Identity, Level, Person, Representation, StaffPost
from accounts.people import search_key
from accounts.second_factor import has_second_factor
from agencies import titles
from agencies.models import Agency, Desk, Territory
from demo.names import ENTERPRISES, GIVEN, STREETS, full_name_of
from vietnam.identity import tax_check_digit
from vietnam.text import fold

# The one account of the demonstration that signs in with a code of an authenticator app, and the app's secret.
WITH_SECOND_FACTOR = "quantri.haiyeuto"
TOTP_SECRET = "MOTCUABACNINHMOTCUABACNINHMOTCUA"  # noqa: S105 (of the demonstration, printed on purpose)
PASSWORD = "mot-cua-bac-ninh"  # noqa: S105 (of the demonstration, printed on purpose)
SINCE = date(2025, 7, 1)
CENTRE_COMMUNES = {"09187": "kinhbac", "07210": "bacgiang", "09367": "tuson"}
# Short names of departments in sign-in names; those with two officers first.
BUSY_DEPARTMENTS = {
    "justice": "tuphap",
    "construction": "xaydung",
    "agriculture_environment": "nongnghiep",
    "finance": "taichinh",
}
DEPARTMENTS = BUSY_DEPARTMENTS | {
    "home_affairs": "noivu",
    "industry_trade": "congthuong",
    "science_technology": "khoahoc",
    "culture_sports_tourism": "vanhoa",
    "education": "giaoduc",
    "health": "yte",
    "ethnic_religion": "dantoc",
    "inspectorate": "thanhtra",
    "industrial_zones": "khucongnghiep",
    "land_registration": "datdai",
    "police": "congan",
    "tax": "thue",
    "social_insurance": "bhxh",
    "state_bank": "nganhang",
    "court": "toaan",
}
_WITH_ACCOUNT = 6
_FIRST_PHONE = 900_100  # of a range that nobody has


class DemonstrationRefused(Exception):
    """Known passwords have no place in a production installation."""


@dataclass(frozen=True)
class SignIn:
    """One row of the table that `manage.py demo --accounts` prints."""

    role: str
    place: str
    username: str
    password: str
    page: str  # path where the role begins


@dataclass(frozen=True)
class _Seat:
    username: str
    role: str
    agency: Agency
    desk: Desk | None = None


def load_demo_people() -> None:
    """Lay down the demonstration's staff, people and enterprises; needs the province. Adds only what is missing.

    Raises `DemonstrationRefused` in production.
    """
    if settings.PRODUCTION:
        raise DemonstrationRefused
    with transaction.atomic():
        _load_staff(list(_seats()))
        _load_second_factor()
        people = _load_people()
        _load_enterprises(people)


def sign_ins() -> list[SignIn]:
    """One sign-in for each role, as loaded."""
    chosen = [
        (_("Người dân"), _("Nộp hồ sơ cho mình"), _personal_number(0), "/my/dossiers/"),
        (_("Người đại diện doanh nghiệp"), ENTERPRISES[0], _personal_number(2), "/my/dossiers/"),
        (StaffPost.Role.COUNTER.label, _("Trung tâm tỉnh, quầy 1"), "motcua.tinh", "/desk/"),
        (StaffPost.Role.COUNTER.label, _("Trung tâm phường Kinh Bắc"), "motcua.kinhbac", "/desk/"),
        (StaffPost.Role.OFFICER.label, _("Sở Tư pháp"), "chuyenvien.tuphap", "/work/"),
        (StaffPost.Role.OFFICER.label, _("UBND phường Kinh Bắc"), "chuyenvien.kinhbac", "/work/"),
        (StaffPost.Role.UNIT_HEAD.label, _("Sở Tư pháp"), "truongphong.tuphap", "/reports/"),
        (StaffPost.Role.LEADER.label, _("Sở Tư pháp"), "lanhdao.tuphap", "/reports/"),
        (StaffPost.Role.LEADER.label, _("UBND phường Kinh Bắc, duyệt hoàn phí"), "lanhdao.kinhbac", "/money/"),
        (StaffPost.Role.LEADER.label, _("Văn phòng UBND tỉnh, duyệt danh mục"), "lanhdao.vpubnd", "/reports/"),
        (StaffPost.Role.CLERK.label, _("Sở Tư pháp"), "vanthu.tuphap", "/work/"),
        (StaffPost.Role.SUPERVISOR.label, _("Văn phòng UBND tỉnh"), "giamsat", "/reports/"),
        (StaffPost.Role.CONTROLLER.label, _("Văn phòng UBND tỉnh"), "danhmuc", "/manage/"),
        (StaffPost.Role.ADMINISTRATOR.label, _("Văn phòng UBND tỉnh"), "quantri", "/manage/"),
        (
            StaffPost.Role.ADMINISTRATOR.label,
            _("có yếu tố thứ hai; mã hiện nay: manage.py demo --code"),
            WITH_SECOND_FACTOR,
            "/manage/",
        ),
    ]
    return [SignIn(str(role), str(place), name, PASSWORD, page) for role, place, name, page in chosen]


def _seats() -> Iterator[_Seat]:
    """Every staff post of the demonstration."""
    role = StaffPost.Role
    first, second = Desk.objects.filter(agency__key="provincial_centre").select_related("agency")[:2]
    yield _Seat("motcua.tinh", role.COUNTER, first.agency, first)
    yield _Seat("motcua.tinh2", role.COUNTER, first.agency, first)
    yield _Seat("motcua.kinhduongvuong", role.COUNTER, second.agency, second)
    office = Agency.objects.get(key="office", valid_to=None)
    yield _Seat("giamsat", role.SUPERVISOR, office)
    yield _Seat("danhmuc", role.CONTROLLER, office)
    yield _Seat("quantri", role.ADMINISTRATOR, office)
    yield from _authority("vpubnd", office, busy=False)
    departments = Agency.objects.filter(key__in=DEPARTMENTS, valid_to=None).order_by("code")
    for agency in departments:
        yield from _authority(DEPARTMENTS[agency.key], agency, busy=agency.key in BUSY_DEPARTMENTS)
    for code, name in CENTRE_COMMUNES.items():
        desk = Desk.objects.select_related("agency").get(
            agency__key="commune_centre", agency__valid_to=None, agency__territory__code=code
        )
        yield _Seat(f"motcua.{name}", role.COUNTER, desk.agency, desk)
        committee = Agency.objects.get(key="commune_pc", valid_to=None, territory__code=code)
        yield from _authority(name, committee, busy=True)
        station = Agency.objects.get(key="commune_police", valid_to=None, territory__code=code)
        yield from _authority(f"congan.{name}", station, busy=False)
    yield _Seat(WITH_SECOND_FACTOR, role.ADMINISTRATOR, office)


def _authority(name: str, agency: Agency, *, busy: bool) -> Iterator[_Seat]:
    role = StaffPost.Role
    yield _Seat(f"chuyenvien.{name}", role.OFFICER, agency)
    if busy:
        yield _Seat(f"chuyenvien2.{name}", role.OFFICER, agency)
    yield _Seat(f"truongphong.{name}", role.UNIT_HEAD, agency)
    yield _Seat(f"lanhdao.{name}", role.LEADER, agency)
    yield _Seat(f"vanthu.{name}", role.CLERK, agency)


def _load_staff(seats: list[_Seat]) -> None:
    known = set(Account.objects.values_list("username", flat=True).filter(username__in=[s.username for s in seats]))
    # Argon2 is slow by design: one hash of the one password is shared by all.
    missing = [(i, seat) for i, seat in enumerate(seats) if seat.username not in known]
    if not missing:
        return
    hashed = make_password(PASSWORD)
    accounts = [
        Account(
            username=seat.username,
            full_name=full_name_of(100 + i),
            email=f"{seat.username}@bacninh.example",
            password=hashed,
        )
        for i, seat in missing
    ]
    _create(accounts)
    StaffPost.objects.bulk_create(
        StaffPost(
            account=account,
            agency=seat.agency,
            desk=seat.desk,
            role=seat.role,
            title=_title(seat),
            unit=_unit(seat),
            phone=f"02223{_FIRST_PHONE + index:06d}",
            valid_from=SINCE,
        )
        for account, (index, seat) in zip(accounts, missing, strict=True)
    )


def _load_second_factor() -> None:
    """The app's secret of the one account that has one, as if it had been set up."""
    account = Account.objects.get(username=WITH_SECOND_FACTOR)
    if not has_second_factor(account):
        TOTP.activate(account, TOTP_SECRET)


def second_factor_code() -> str:
    """What the authenticator app of the one account shows now."""
    return format_hotp_value(hotp_value(TOTP_SECRET, list(yield_hotp_counters_from_time())[1]))


def _title(seat: _Seat) -> str:
    """As they would have been appointed; the others go by their role."""
    if seat.role == StaffPost.Role.LEADER:
        return titles.head_title(seat.agency)
    return "Trưởng phòng" if seat.role == StaffPost.Role.UNIT_HEAD else ""


def _unit(seat: _Seat) -> str:
    """Two units in each busy agency, so that reports have something to tell apart."""
    if seat.role not in (StaffPost.Role.OFFICER, StaffPost.Role.UNIT_HEAD):
        return ""
    second = seat.username.startswith("chuyenvien2.")
    if seat.agency.key == "commune_pc":
        return "Phòng Văn hóa - Xã hội" if second else "Phòng Kinh tế"
    return "Phòng Nghiệp vụ 2" if second else "Phòng Nghiệp vụ 1"


def _personal_number(index: int) -> str:
    """Well formed: Bắc Ninh (027) or Bắc Giang (024), century and sex, year of birth, six digits."""
    place = "027" if index % 2 else "024"
    woman = index % len(GIVEN) % 2 == 0  # women stand at even places of the list of given names
    return f"{place}{int(woman)}{_birth_date(index):%y}99{index + 1:04d}"


def _birth_date(index: int) -> date:
    return date(1958 + index * 7 % 41, 1 + index * 5 % 12, 1 + index * 11 % 28)


def _load_people() -> list[Person]:
    numbers = [_personal_number(index) for index in range(30)]
    known = {p.personal_number: p for p in Person.objects.filter(personal_number__in=numbers)}
    if len(known) < len(numbers):
        communes = cycle(Territory.objects.filter(code__in=CENTRE_COMMUNES, valid_to=None).order_by("code"))
        missing = [
            _person(index, number, commune)
            for index, (number, commune) in enumerate(zip(numbers, communes, strict=False))
            if number not in known
        ]
        known |= {person.personal_number: person for person in Person.objects.bulk_create(missing)}
    people = [known[number] for number in numbers]
    _open_accounts([person for person in people[:_WITH_ACCOUNT] if person.account_id is None])
    return people


def _person(index: int, number: str, commune: Territory) -> Person:
    name, phone = full_name_of(index), f"0900{index + 1:06d}"
    return Person(
        personal_number=number,
        full_name=name,
        birth_date=_birth_date(index),
        sex=Person.Sex.FEMALE if number[3] == "1" else Person.Sex.MALE,
        phone=phone,
        email=f"{fold(name).replace(' ', '.')}@nguoidan.example",
        address=f"Số {index * 3 + 2} {STREETS[index % len(STREETS)]}, {commune.name}, tỉnh Bắc Ninh",
        territory=commune,
        search_key=search_key(name, number, phone),
    )


def _open_accounts(people: list[Person]) -> None:
    if not people:
        return
    hashed = make_password(PASSWORD)
    accounts = [
        Account(
            username=person.personal_number,
            full_name=person.full_name,
            email=person.email,
            password=hashed,
            level=Level.IDENTITY,
        )
        for person in people
    ]
    _create(accounts)
    for person, account in zip(people, accounts, strict=True):
        person.account = account
    Person.objects.bulk_update(people, ["account"])
    Identity.objects.bulk_create(
        Identity(
            account=person.account,
            issuer="urn:oss:demonstration",
            subject=str(person.pk),
            level=Level.IDENTITY,
            method=Identity.Method.DEMONSTRATION,
            proven_at=timezone.now(),
        )
        for person in people
    )


def _create(accounts: list[Account]) -> None:
    for account in accounts:
        account.fill_search_key()
    Account.objects.bulk_create(accounts)


def _load_enterprises(people: list[Person]) -> None:
    numbers = list(_tax_numbers(len(ENTERPRISES)))
    if Enterprise.objects.filter(tax_number__in=numbers).count() == len(numbers):
        return
    Enterprise.objects.bulk_create(
        (
            Enterprise(
                tax_number=number,
                name=name,
                phone=f"0222380{index:04d}",
                email=f"lienhe{index + 1}@doanhnghiep.example",
                address=f"Lô {index + 1}, cụm công nghiệp số {index + 1}, tỉnh Bắc Ninh",
                territory_id=people[index + 2].territory_id,
                search_key=f"{fold(name)} {number}",
            )
            for index, (number, name) in enumerate(zip(numbers, ENTERPRISES, strict=True))
        ),
        ignore_conflicts=True,
    )
    enterprises = {e.tax_number: e for e in Enterprise.objects.filter(tax_number__in=numbers)}
    Representation.objects.bulk_create(
        (
            Representation(
                person=people[index + 2],
                enterprise=enterprises[number],
                ground="Người đại diện theo pháp luật",
                valid_from=SINCE,
            )
            for index, number in enumerate(numbers)
        ),
        ignore_conflicts=True,
    )


def _tax_numbers(wanted: int) -> Iterator[str]:
    """The first tax numbers with a check digit from 2399000 00 on."""
    given = 0
    for serial in range(100):
        nine = f"2399000{serial:02d}"
        check = tax_check_digit(nine)
        if check is not None and given < wanted:
            given += 1
            yield f"{nine}{check}"
