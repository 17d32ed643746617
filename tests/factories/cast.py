"""The people of one agency and of its centre."""

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Enterprise, Person, StaffPost
from agencies.models import Agency, Territory
from tests.factories.people import EnterpriseFactory, PersonFactory, RepresentationFactory, staff_actor

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
        consulted=staff_actor("soxaydung", "construction", Role.OFFICER),
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
