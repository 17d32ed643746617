"""Role × address × what belongs to an agency: its posts, its money, its registers, its lists of destruction.

Two agencies have the same things. Whoever works at one finds nothing of the other's at any address of `money/`,
`registers/`, `manage/` and of work on many dossiers; and each address does open to somebody of the agency itself.
"""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies.models import Agency
from dossiers.letters import register
from dossiers.lifecycle.retention.lists import DESTRUCTION
from dossiers.models import BulkRun, DestructionList
from papers.models import PaperRun
from payments import refunds
from payments.models import BankStatement, CashClosing, CollectionAccount, StatementLine, StrayMoney
from payments.refunds import Wanted
from payments.settlement import take_cash
from tests.factories.addresses import ADDRESSES, address_of, audience_of
from tests.factories.charges import charge_thing
from tests.factories.moments import at
from tests.factories.people import signed_in, staff_actor
from tests.factories.record_table import is_let_in_at
from tests.factories.tables import draw_refusals_once, remember_readers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]
MORNING = at("2026-11-23 09:10")
# Addresses below which everything that has a part of its own is an agency's, or said here to be the province's.
OURS = re.compile(r"money/|registers/<uuid|dossiers/bulk/<uuid|manage/(staff|agencies|calendars|destruction)/")
# What any administrator reads of any agency: hours, which name nobody.
SAID_TO_ALL = {"manage-calendar"}
ROLES = ("leader", "unit_head", "officer", "clerk", "administrator")


def people_of(side, agency, centre):
    found = {role: staff_actor(f"{side}.{role}", agency, role) for role in ROLES}
    found["counter"] = staff_actor(f"{side}.counter", centre, "counter", centre.desks.first())
    found["ended"] = staff_actor(f"{side}.ended", agency, "officer")
    post = found["ended"].post
    post.valid_to = date(2026, 1, 31)
    post.save(update_fields=["valid_to"])
    return found


def things_of(side, agency, centre, people):
    """What fills the addresses of `OURS` for one agency: each name of an address with one or more values."""
    counter, mark = people["counter"], f"Qzco{side}"
    own = {"agency_code": centre.code}
    charge = charge_thing(f"thing:{mark}", payer_name=mark, **own)
    take_cash(charge, by=counter.label, at=MORNING, cashier=counter.account_id)
    refund = refunds.ask_refund(charge, Wanted(26_000, "other", mark, "cash", ""), by=counter, at=MORNING)
    refunds.decide_refund(refund, True, by=people["leader"], at=MORNING)
    refunds.pay_out(refund, by=counter, at=MORNING)
    stray = StrayMoney.objects.create(
        kind="unknown", place="x", provider="bank", transaction=mark, amount=1, purpose=mark, payer=mark, **own
    )
    bank, held = (
        CollectionAccount.objects.create(
            key=f"{provider}-{side}", provider=provider, options=options, valid_from=date(2026, 1, 1), **own
        )
        for provider, options in (
            ("bank", {"bin": "970436", "number": side, "holder": mark}),
            ("pos", {"terminal": mark}),
        )
    )
    statement = BankStatement.objects.create(
        account=bank, format="csv", name=mark, sha256=side, content=b"", first_day=MORNING.date(),
        last_day=MORNING.date(), lines_read=1, lines_new=1, imported_by=mark,
    )  # fmt: skip
    line = StatementLine.objects.create(
        statement=statement, account=bank, fingerprint=side, day=MORNING.date(), value_day=MORNING.date(), amount=5,
        purpose=mark, payer=mark,
    )  # fmt: skip
    cash = CashClosing.objects.create(
        cashier=counter.account_id, cashier_label=mark, day=MORNING.date(), expected=0, counted=0, **own
    )
    run = PaperRun.objects.create(
        key=mark, form=register.FORM.key, agency=agency, asked_by=mark, asked_at=MORNING, state="ready",
        asked={"since": MORNING.isoformat(), "until": (MORNING + timedelta(days=1)).isoformat()},
    )  # fmt: skip
    destroyed = DESTRUCTION.begin_draft(DestructionList(agency=agency), by=people["leader"], at=MORNING)
    bulk = BulkRun.objects.create(key=mark, action="approve", post=people["leader"].post, finished_at=MORNING)
    posts = [{"pk": people[who].post.pk} for who in ("officer", "ended")]
    values = {
        "money-stray": [{"pk": stray.pk}],
        "money-stray-refund": [{"pk": stray.pk}],
        "money-refund": [{"uid": refund.uid}],
        "money-refund-paper": [{"uid": refund.uid}],
        "money-cash-sheet": [{"pk": cash.pk}],
        "money-lines": [{"key": bank.key}],
        "money-close-day": [{"key": bank.key}],
        "money-held": [{"key": held.key}],
        "money-line": [{"pk": line.pk}],
        "register": [{"uid": run.uid}],
        "bulk-run": [{"uid": bulk.uid}],
        "manage-destruction-list": [{"uid": destroyed.uid}],
        "manage-agency": [{"pk": agency.pk}],
        "manage-agency-place": [{"pk": agency.pk}],
        "manage-agency-calendar": [{"pk": agency.pk}],
        "manage-agency-change-new": [{"pk": agency.pk}],
        "manage-calendar-hours": [{"key": agency.calendar.key}],
    }
    return values | {pattern.name: posts for route, pattern in ADDRESSES if route.startswith("manage/staff/<int")}, {
        mark,
        *(f"{side}.{who}" for who in ROLES),
    }


@pytest.fixture
def sides(cast, things):
    """Both agencies: who works there, what is theirs, and words that stand nowhere else."""
    elsewhere = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    far_centre = Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=elsewhere.territory, valid_to=None)
    found = {}
    for side, agency, centre in (("gan", cast.agency, cast.centre), ("xa", elsewhere, far_centre)):
        people = people_of(side, agency, centre)
        found[side] = (people, *things_of(side, agency, centre, people))
    return found


WITH_PARTS = [(route, pattern) for route, pattern in ADDRESSES if pattern.pattern.converters and OURS.match(route)]
# Not for an agency alone to change: where it stands, and hours by which others count too.
OF_PROVINCE = {"manage-agency-place", "manage-agency-change-new", "manage-calendar-hours"}


def test_every_address_of_an_agencys_things_is_filled(sides):
    named = {pattern.name for _route, pattern in WITH_PARTS} - SAID_TO_ALL
    missing = named - set(sides["gan"][1])
    assert not missing, f"say in this file whose thing these addresses show: {missing}"


def test_who_works_at_another_agency_finds_nothing_of_this_ones_things(sides, monkeypatch):
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    opened = dict.fromkeys({pattern.name for _route, pattern in WITH_PARTS} - SAID_TO_ALL, 0)
    for side, (people, _values, _marks) in sides.items():
        for who, actor in people.items():
            if who == "ended":
                continue
            client = signed_in(actor)
            for route, pattern in WITH_PARTS:
                if pattern.name in SAID_TO_ALL or not is_let_in_at(actor, audience_of(pattern.callback)):
                    continue
                for whose, (_people, values, marks) in sides.items():
                    for kwargs in values[pattern.name]:
                        address = reverse(pattern.name, kwargs=kwargs)
                        answer = client.get(address)
                        case = f"{side} {who} at {route} of {whose}: {answer.status_code}"
                        if answer.status_code == 405:
                            answer = client.post(address) if side != whose else answer
                        if side == whose:
                            opened[pattern.name] += answer.status_code in (200, 302, 405)
                            assert answer.status_code < 500, case
                            continue
                        assert answer.status_code in (403, 404), case
                        body = answer.content.decode()
                        assert not [mark for mark in marks if mark in body], case
    closed = {name for name, count in opened.items() if not count} - OF_PROVINCE
    assert not closed, f"opens to nobody of the agency itself, so that it proves nothing: {closed}"


def test_lists_of_an_agencys_things_show_no_others(sides, monkeypatch):
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    lists = [
        (route, pattern)
        for route, pattern in ADDRESSES
        if not pattern.pattern.converters and re.match(r"money/|registers/|manage/", route) and pattern.name
    ]
    shown = 0
    for side, (people, _values, own_marks) in sides.items():
        others = sides["xa" if side == "gan" else "gan"][2]
        for who in ("leader", "unit_head", "counter", "administrator"):
            client = signed_in(people[who])
            for route, pattern in lists:
                if not is_let_in_at(people[who], audience_of(pattern.callback)):
                    continue
                body = client.get(reverse(pattern.name)).content.decode("utf-8", "replace")
                assert not [mark for mark in others if mark in body], f"{side} {who} at {route}"
                shown += any(mark in body for mark in own_marks)
    assert shown > 10


def test_an_administrator_of_one_agency_changes_nothing_of_the_provinces(sides, monkeypatch):
    """Every address of management with a part that names nothing of an agency refuses before it looks for it."""
    remember_readers(monkeypatch)
    draw_refusals_once(monkeypatch)
    client, tried = signed_in(sides["gan"][0]["administrator"]), 0
    for route, pattern in ADDRESSES:
        if not (route.startswith("manage/") and pattern.pattern.converters) or OURS.match(route):
            continue
        if is_let_in_at(sides["gan"][0]["administrator"], audience_of(pattern.callback)):
            address = address_of(pattern.name, pattern)
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers <= {403, 404, 405}, f"{route}: {answers}"
            tried += 1
    assert tried > 5
