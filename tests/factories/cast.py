from dataclasses import dataclass
from datetime import date

from accounts.actors import Actor
from accounts.models import Account, Enterprise, Person, Representation, StaffPost
from agencies.models import Agency, Territory
from tests.factories.people import staff_actor

Role = StaffPost.Role


@dataclass
class Cast:
    """Everybody a dossier of one settling agency meets."""

    agency: Agency
    centre: Agency
    citizen: Actor
    stranger: Actor
    counter: Actor
    head: Actor
    officer: Actor
    officer2: Actor
    leader: Actor
    clerk: Actor
    supervisor: Actor
    consulted: Actor
    person: Person
    enterprise: Enterprise


def _person(number: str, name: str) -> Person:
    account = Account.objects.create_account(number, "mat-khau-dai-01", full_name=name)
    return Person.objects.create(
        personal_number=number,
        full_name=name,
        account=account,
        email=f"{number}@example.vn",
        phone="0912345678",
        address="12 Nguyễn Gia Thiều",
        territory=Territory.objects.get(name="Phường Kinh Bắc", valid_to=None),
        search_key=name.lower(),
    )


def build_cast(agency: Agency, centre: Agency) -> Cast:
    person = _person("027190000011", "Nguyễn Thị Ánh")
    stranger = _person("027190000022", "Trần Văn Ẩn")
    enterprise = Enterprise.objects.create(tax_number="0100109106", name="Công ty Thử nghiệm", search_key="thu nghiem")
    Representation.objects.create(person=person, enterprise=enterprise, ground="Giám đốc", valid_from=date(2025, 1, 1))
    return Cast(
        agency=agency,
        centre=centre,
        citizen=Actor(account=person.account, channel="web"),
        stranger=Actor(account=stranger.account, channel="web"),
        counter=staff_actor("quay", centre, Role.COUNTER, centre.desks.first()),
        head=staff_actor("truong", agency, Role.UNIT_HEAD),
        officer=staff_actor("chuyenvien", agency, Role.OFFICER),
        officer2=staff_actor("chuyenvien2", agency, Role.OFFICER),
        leader=staff_actor("lanhdao", agency, Role.LEADER),
        clerk=staff_actor("vanthu", agency, Role.CLERK),
        supervisor=staff_actor("giamsat", agency, Role.SUPERVISOR),
        consulted=staff_actor("soxaydung", Agency.objects.get(key="construction", valid_to=None), Role.OFFICER),
        person=person,
        enterprise=enterprise,
    )
