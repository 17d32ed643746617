"""The people of one agency and of its centre."""

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Enterprise, Person, StaffPost
from agencies.models import Agency, Territory
from tests.factories.people import (
    EnterpriseFactory,
    PersonFactory,
    RepresentationFactory,
    agency_called,
    staff_actors,
)

Role = StaffPost.Role


@dataclass
class Cast:
    """Everybody a dossier of one competent agency meets."""

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


def build_cast(agency: Agency, centre: Agency) -> Cast:
    """Two citizens, one of whom represents an enterprise, and a holder of every post that a dossier needs."""
    ward = Territory.objects.get(name="Phường Kinh Bắc", valid_to=None)
    person, stranger = (
        PersonFactory(
            personal_number=number,
            full_name=name,
            email=f"{number}@example.vn",
            address="12 Nguyễn Gia Thiều",
            territory=ward,
            search_key=name.lower(),
        )
        for number, name in (("027190000011", "Nguyễn Thị Ánh"), ("027190000022", "Trần Văn Ẩn"))
    )
    enterprise = EnterpriseFactory()
    RepresentationFactory(person=person, enterprise=enterprise)
    staff = {
        "counter": ("quay", centre, Role.COUNTER, centre.desks.first()),
        "head": ("truong", agency, Role.UNIT_HEAD, None),
        "officer": ("chuyenvien", agency, Role.OFFICER, None),
        "officer2": ("chuyenvien2", agency, Role.OFFICER, None),
        "leader": ("lanhdao", agency, Role.LEADER, None),
        "clerk": ("vanthu", agency, Role.CLERK, None),
        "supervisor": ("giamsat", agency, Role.SUPERVISOR, None),
        "consulted": ("soxaydung", agency_called("construction"), Role.OFFICER, None),
    }
    return Cast(
        agency=agency,
        centre=centre,
        citizen=Actor(account=person.account, channel="web"),
        stranger=Actor(account=stranger.account, channel="web"),
        **dict(zip(staff, staff_actors(list(staff.values())), strict=True)),
        person=person,
        enterprise=enterprise,
    )


def cast_of_kinh_bac() -> Cast:
    """Of the People's Committee of Kinh Bắc ward and its centre."""
    ward = Territory.objects.get(name="Phường Kinh Bắc", valid_to=None)
    return build_cast(
        Agency.objects.get(kind=Agency.Kind.COMMUNE_PC, territory=ward, valid_to=None),
        Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=ward, valid_to=None),
    )
