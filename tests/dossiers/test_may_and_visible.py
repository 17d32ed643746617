"""What a list shows is what a page opens: `may` and `visible` agree for every role, state and relation."""

from contextlib import suppress
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Account, Enterprise, Person, StaffPost
from accounts.permissions import may, visible
from agencies.models import Agency
from dossiers.access.policies import of_applicant
from dossiers.filing import drafts
from dossiers.models import AgencyChange, Dossier, HandOver, Opinion, State
from procedures.models import Edition, Procedure
from tests.factories.dossiers import filed_online, handed_over, received
from tests.factories.moments import at
from tests.factories.people import (
    AccountFactory,
    PersonFactory,
    StaffPostFactory,
    agency_called,
    holder_of,
    staff_actor,
)
from tests.factories.reorganisation import decided

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MONDAY = at("2026-11-23 09:10")


@pytest.fixture
def actors(cast) -> list[Actor]:
    """Every role at the competent agency, its centre, a consulted body and one that has nothing to do with it; some at
    agencies that took over: from one that merged, from one that gave fields away.

    Among the others: filer, stranger, representative, an officer who is a person too, nobody, a rule of the system.
    """
    elsewhere = Agency.objects.get(key="health", valid_to=None)
    posts = [
        StaffPostFactory(agency=agency, role=role)
        for agency, role in product((cast.agency, cast.centre, cast.consulted.post.agency, elsewhere), StaffPost.Role)
    ]
    heirs = (agency_called("finance"), police_of(cast.agency))
    for heir in heirs:
        heir.took_over = True
        heir.save(update_fields=["took_over"])
    some = (StaffPost.Role.COUNTER, StaffPost.Role.OFFICER, StaffPost.Role.SUPERVISOR)
    posts += [StaffPostFactory(agency=agency, role=role) for agency, role in product(heirs, some)]
    staff = [holder_of(post) for post in posts]
    both = holder_of(StaffPostFactory(account=cast.person.account, agency=elsewhere))
    known = [actor for actor in vars(cast).values() if isinstance(actor, Actor)]
    return [*staff, *known, both, Actor(), Actor(account=AccountFactory()), Actor(system="rule", channel="automatic")]


def police_of(agency: Agency) -> Agency:
    return Agency.objects.get(key="commune_police", territory=agency.territory, valid_to=None)


@pytest.fixture
def dossiers(cast, edition, actors) -> list[Dossier]:
    """Drafts, filings, dossiers with a step, with an opinion, with other desks, of an agency that merged; each in every
    state there is. The fields of all have been given to another agency."""
    other = Agency.objects.exclude(pk=cast.centre.pk).filter(desks__isnull=False).first().desks.first()
    made = [received(cast, edition, MONDAY, key=f"r{n}") for n in range(4)]
    made.append(filed_online(cast, edition, MONDAY))
    made += [drafts.start_draft(edition, person, key="d", at=MONDAY) for person in (cast.person, PersonFactory())]
    Opinion.objects.create(
        dossier=made[1], agency=cast.consulted.post.agency, question="Có phù hợp không?", asked_at=MONDAY,
        asked_by=cast.officer.post, due_at=at("2026-11-25 17:00"), minutes=960,
    )  # fmt: skip
    of = Dossier.objects.filter
    of(pk=made[2].pk).update(owner_person=None, owner_enterprise=cast.enterprise, filer=PersonFactory())
    of(pk=made[3].pk).update(return_desk=other, receiving_agency=other.agency)
    of(pk=made[4].pk).update(help_desk=other)
    of(pk=made[6].pk).update(owner_person=cast.person)
    gone = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    made += [received(cast, edition, MONDAY, key=f"g{n}") for n in range(2)]
    of(pk=made[7].pk).update(settling_agency=gone, receiving_agency=gone, step=None)
    Opinion.objects.create(
        dossier=made[8], agency=gone, question="Có phù hợp không?", asked_at=MONDAY, asked_by=cast.officer.post,
        due_at=at("2026-11-25 17:00"), minutes=960,
    )  # fmt: skip
    Agency.objects.filter(pk=gone.pk).update(valid_to=MONDAY.date(), successor=agency_called("finance"))
    deciders = [staff_actor(f"chia{n}", "office", StaffPost.Role.ADMINISTRATOR) for n in range(2)]
    change = decided(cast.agency, police_of(cast.agency), *deciders, kind="split", fields=[edition.field.key])
    AgencyChange.objects.filter(pk=change.pk).update(began_at=timezone.now() + timedelta(hours=1))
    return made


@pytest.mark.parametrize("state", State)
def test_a_dossier_is_listed_for_whom_it_opens(actors, dossiers, state):
    for dossier in dossiers:
        with suppress(IntegrityError), transaction.atomic():  # what the database refuses cannot be
            Dossier.objects.filter(pk=dossier.pk).update(state=state, finished_at=MONDAY)
    found = list(Dossier.objects.filter(state=state))
    assert len(found) >= 2
    seen = set()
    for actor in actors:
        listed, own = (set(rule(actor, Dossier.objects.all())) for rule in (visible, of_applicant))
        for dossier in found:
            case = f"{actor.role or actor.person} and {dossier} in {State(state).label}"
            # Somebody in a post finds what their post sees; what is their own they find among their own.
            assert may(actor, "view", dossier) == (dossier in listed | own), case
            if actor.is_staff:
                assert may(actor, "view_internal", dossier) == (dossier in listed), case
        seen.add(len(listed))
    assert len(seen) > 1, "somebody sees more than somebody else"


def test_other_records_are_listed_for_whom_they_open(actors, cast, edition):
    handed_over(cast, [received(cast, edition, MONDAY)])
    asked = {Person: "view", Enterprise: "view", StaffPost: "view", HandOver: "view", Account: "view", Edition: "see"}
    asked |= {Procedure: "see"}
    for model, action in asked.items():
        records = model.objects.all()[:60]
        assert len(records) > 0, model
        for actor in actors:
            listed = set(visible(actor, model.objects.all()).values_list("pk", flat=True))
            for record in records:
                case = f"{actor.role or actor.person} and {model.__name__} {record}"
                assert may(actor, action, record) == (record.pk in listed), case
