"""A small province for the tests of dossiers: real tables, real catalogue, a few people and posts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Account, Enterprise, Person, Representation, StaffPost
from agencies.models import Agency, Territory
from dossiers.filing import intake
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from dossiers.views.desk.owners import owner_reference
from procedures.models import Edition

Role = StaffPost.Role


def intake_page(code: str, owner: Any, key: str = "") -> str:
    """Address of the counter's intake of a procedure for somebody; without a key it asks for one."""
    query = {"owner": owner_reference(owner), **({"key": key} if key else {})}
    return f"{reverse('desk-intake', args=[code])}?{urlencode(query)}"


def at(text: str) -> datetime:
    """A moment in Vietnam: ``at("2026-11-23 09:10")``."""
    return timezone.make_aware(datetime.fromisoformat(text))


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


def _post(name: str, agency: Agency, role: str, desk=None) -> Actor:
    account = Account.objects.create_account(name, None, full_name=name)
    post = StaffPost.objects.create(account=account, agency=agency, role=role, desk=desk, valid_from=date(2025, 7, 1))
    return Actor(account=account, post=post, posts=(post,), channel="web", address="127.0.0.1")


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
        counter=_post("quay", centre, Role.COUNTER, centre.desks.first()),
        head=_post("truong", agency, Role.UNIT_HEAD),
        officer=_post("chuyenvien", agency, Role.OFFICER),
        officer2=_post("chuyenvien2", agency, Role.OFFICER),
        leader=_post("lanhdao", agency, Role.LEADER),
        clerk=_post("vanthu", agency, Role.CLERK),
        supervisor=_post("giamsat", agency, Role.SUPERVISOR),
        consulted=_post("soxaydung", Agency.objects.get(key="construction", valid_to=None), Role.OFFICER),
        person=person,
        enterprise=enterprise,
    )


@pytest.fixture
def cast(db) -> Cast:
    """The People's Committee of Kinh Bắc ward, its centre, and who works there."""
    ward = Territory.objects.get(name="Phường Kinh Bắc", valid_to=None)
    return build_cast(
        Agency.objects.get(kind=Agency.Kind.COMMUNE_PC, territory=ward, valid_to=None),
        Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=ward, valid_to=None),
    )


@pytest.fixture
def edition(cast) -> Edition:
    """Building permit issued again: settled by the commune within five working days."""
    return Edition.objects.get(procedure__code="1.013228", status="published")


def taken_in(cast: Cast, edition: Edition, moment: datetime, *, key: str = "k") -> Dossier:
    return intake.take_in(
        edition,
        by=cast.counter,
        filer=cast.person,
        owner=cast.person,
        ticked=[intake.Ticked(d, d.originals, d.copies) for d in edition.documents.all()],
        territory=cast.agency.territory,
        key=key,
        at=moment,
        content="Xin cấp phiếu",
    )


def received(cast: Cast, edition: Edition, moment: datetime, *, key: str = "k", **facts) -> Dossier:
    dossier = taken_in(cast, edition, moment, key=key)
    execute_transition(dossier, "receive", cast.counter, at=moment, **facts)
    return dossier
