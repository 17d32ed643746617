"""A random walk over the life-cycle table: anybody does anything at any time, and no dossier is ever lost or torn.

250 dossiers every day, and on until every state was reached and every act done; `OSS_FULL=1` (make test-full) walks
10,000. Papers are numbered and recorded but not drawn.
Each act commits, as it does in the product: in one transaction the rows that all dossiers share (number series) would
keep every version, and each act would take longer than the one before.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Q

from accounts.actors import Actor, automatic_actor
from digitization import uploads
from digitization.models import StoredFile
from dossiers.access.involvements import differences
from dossiers.filing import complete, intake
from dossiers.filing.papers_brought import Brought
from dossiers.lifecycle import TABLE, Refused, Transition, available_transitions, execute_transition, results
from dossiers.models import ENDED_STATES, Dossier, DossierEvent, Pause, State, StepRun, Substate
from journal import outbox
from papers import issue as paper_issue
from papers.models import Paper
from payments import charges, settlement
from procedures.models import Edition
from tests.factories.moments import at
from tests.factories.scans import pdf_upload

WALKS = 10_000 if os.environ.get("OSS_FULL") else 250
# Chance decides which walk comes by the rarest act, and each new rule gives it other dice: then some more are walked.
MOST = max(WALKS, 1_500)
STEPS = 20
# Without a fee, with one, with a limit that the receiver must enter, and settled at once.
PROCEDURES = ("1.014027", "2.002516", "1.013228", "2.000635")
FORWARD = {
    "continue_clock",
    "give_opinion",
    "send",
    "receive",
    "accept",
    "assign",
    "attach_result",
    "verify",
    "submit",
    "approve",
    "issue",
    "return_result",
}
WEIGHTS = {"ask_opinion": 8, "close_opinion": 12, "stop": 12, "withdraw": 0.3, "give_opinion": 12}
# What needs a file or its pages, or a route that the bundled ones do not have; a bank's reversal has the ledger's walk.
UNWALKED = {
    "destroy",
    "edit_pages",
    "payment_reversed",
    "collect",
    "open_linked",
    "open_links",
    "record_signed",
    "change_route",
    "confirm_authorisation",
    "add_to_answer",
}
BY_MONEY = ("payment_made", "payment_reversed")  # what payments alone do, see _pay
MAY_BE_PAUSED = (State.SUPPLEMENT, State.FINANCIAL, State.WITHDRAWN)


@pytest.fixture(autouse=True)
def _undrawn_and_untold(monkeypatch):
    monkeypatch.setattr(paper_issue.layout, "render_pdf", lambda *_a, **_k: b"")
    monkeypatch.setattr(outbox, "call_worker", lambda: None)
    monkeypatch.setattr(paper_issue.archival, "finish_as_pdfa", lambda *_a, **_k: b"%PDF-1.7 undrawn")


class Walk:
    """One dossier among everybody."""

    def __init__(self, cast: Any, editions: list[Edition], random: Random, number: int, scan: StoredFile) -> None:
        self.scan = scan
        self.cast, self.random = cast, random
        self.sentences: list[str] = []
        self.now = at("2026-01-05 08:00") + timedelta(minutes=random.randrange(500_000))
        self.everybody = [
            cast.citizen,
            cast.stranger,
            cast.counter,
            cast.head,
            cast.officer,
            cast.officer2,
            cast.leader,
            cast.clerk,
            cast.supervisor,
            cast.consulted,
        ]
        edition = random.choice(editions)
        self.dossier = self._online(edition) if random.random() < 0.5 else self._counter(edition, number)

    def _online(self, edition: Edition) -> Dossier:
        person = self.cast.person
        papers = [(paper, []) for paper in edition.documents.all() if self.random.random() < 0.95]
        return complete.draft_whole(
            edition,
            person,
            at=self.now,
            case="",
            content="Đề nghị",
            territory=self.cast.agency.territory,
            files=papers,
            method=self.random.choice(["counter", "download"]),
            phone=person.phone,
            email=person.email,
            address=person.address,
        )

    def _counter(self, edition: Edition, number: int) -> Dossier:
        owner = self.random.choice([self.cast.person, self.cast.enterprise])
        return intake.take_in(
            edition,
            by=self.cast.counter,
            filer=self.cast.person,
            owner=owner,
            ticked=[],
            territory=self.cast.agency.territory,
            key=f"walk-{number}",
            at=self.now,
            ground="self" if owner is self.cast.person else "representative",
        )

    def go(self) -> None:
        for _n in range(STEPS):
            self.now += timedelta(minutes=self.random.choice([0, 1, 30, 200, 1_500, 6_000]))
            if self.dossier.state in ENDED_STATES and self.random.random() < 0.5:
                return
            chance = self.random.random()
            if chance < 0.08:
                self._pay()
            elif chance < (0.4 if self.dossier.state == State.DONE else 0.2):  # results are seldom not fetched for long
                self._wait()
            else:
                self._try()

    def _wait(self) -> None:
        """Nobody comes until the waiting ends, if anything is waited for."""
        if ends := self.dossier.wait_ends_at:
            self.now = max(self.now, ends)
            action, revision = self.dossier.waits_for, self.dossier.revision
            execute_transition(self.dossier, action, automatic_actor("waiting"), at=self.now, revision=revision)

    def _try(self) -> None:
        """Mostly something that is open to somebody, sometimes anything by anybody."""
        chosen = self._sensible() if self.random.random() < 0.85 else None
        actor, rule = chosen or (
            self.random.choice([*self.everybody, automatic_actor("walk")]),
            self.random.choice([rule for rule in TABLE.values() if rule.action not in BY_MONEY]),
        )
        before = self.dossier.state
        stale = self.random.random() < 0.03
        try:
            event = execute_transition(
                self.dossier,
                rule.action,
                actor,
                at=self.now,
                revision=self.dossier.revision + 1 if stale else None,
                **self._facts(rule),
            )
        except Refused as refusal:
            self.sentences.append(str(refusal.sentence))  # that it changed nothing shows when histories are replayed
            return
        assert not stale
        assert event.from_state in rule.sources
        assert State(before) == event.from_state
        assert any(relation.value == "automatic" for relation in rule.relations) == (actor.channel == "automatic")

    def _sensible(self) -> tuple[Actor, Transition] | None:
        """Somebody who can bring the dossier on; now and then somebody who can only hold it up."""
        self.random.shuffle(self.everybody)
        for actor in self.everybody:
            rules = [rule for rule in available_transitions(self.dossier, actor) if rule.action != "remind"]
            weights = [WEIGHTS.get(rule.action, 12 if rule.action in FORWARD else 1) for rule in rules]
            if rules and (max(weights) > 2 or self.random.random() < 0.08):
                return actor, self.random.choices(rules, weights)[0]
        return None

    def _facts(self, rule: Transition) -> dict[str, Any]:
        values: dict[str, Callable[[], Any]] = {
            "file": lambda: self.scan,
            "result": lambda: results.to_sign(self.dossier),
            "papers": lambda: [Brought("Giấy tờ mang đến", copies=1)],
            "text": lambda: "Vì lý do nêu trong đơn",
            "line": lambda: "Giấy tờ",
            "items": lambda: ["Bản sao giấy tờ"],
            "decimal": lambda: self.random.choice(["1", "2,5", "0", "-1", "abc"]),
            "amount": lambda: 50_000,
            "money": lambda: self.random.choice([20_000, 0, -5]),
            "date": lambda: (self.now + timedelta(days=self.random.choice([0, 7]))).date(),
            "agencies": lambda: [self.cast.consulted.post.agency],
            "opinion": lambda: self.dossier.opinions.filter(ended_at=None).first(),
            "post": lambda: self.random.choice([self.cast.officer, self.cast.officer2, self.cast.counter]).post,
        }
        given = {}
        for fact in rule.fields:
            if fact.kind == "choice":
                given[fact.name] = self.random.choice(fact.choices)[0]
            wanted = fact.required or fact.name == "limit_days" or self.random.random() < 0.3
            if fact.kind in values and fact.name not in ("charge_reason", "receipt") and wanted:
                given[fact.name] = values[fact.kind]()
        if rule.action == "attach_result" and self.random.random() < 0.9:
            given["text"] = "Chấp thuận như đề nghị"
        if rule.action in ("issue", "record_signed") and self.random.random() < 0.9:
            given |= {"number": "12/GP", "issued_on": self.now.date(), "signer": "Lãnh đạo", "file": self.scan}
        if rule.action == "ask_correction":
            given["value"] = self.random.choice(["", "7", "Tên đúng", self.cast.consulted.post.agency.code])
        if rule.action in ("receive", "accept") and self.random.random() < 0.8:
            given["limit_days"] = "5"
        if self.random.random() < 0.02:
            given.pop(next(iter(given), ""), None)
        return given

    def _pay(self) -> None:
        """Money comes whenever it comes; payments and the dossier know of each other or neither does."""
        if due := list(charges.open_charges(self.dossier.reference)):
            for charge in due:
                settlement.take_cash(charge, by="walk", at=self.now)
            self.dossier.refresh_from_db()


@pytest.mark.timeout(3600)
def test_no_walk_tears_or_loses_a_dossier(transactional_db, cast):
    random = Random(20261123)
    editions = list(
        Edition.objects.filter(procedure__code__in=PROCEDURES, status="published")
        .select_related("procedure", "field")
        .prefetch_related("documents", "terms", "fee_lines")
        .order_by("id")
    )
    scan = uploads.store_file(pdf_upload(), "da-ky.pdf", "dossier:walk", cast.clerk)
    walks = 0
    while walks < WALKS or (walks < MOST and _unreached()):
        for _n in range(50):
            walk = Walk(cast, editions, random, walks, scan)
            walk.go()
            assert all(walk.sentences), "every refusal is a sentence"
            walks += 1
    assert Dossier.objects.count() == walks
    _histories_replay()
    _clocks_are_whole()
    _routes_are_whole()
    _numbers_have_no_gap()
    assert differences() == [], "who has to do with a dossier is kept as it is"
    reached = set(DossierEvent.objects.values_list("to_state", flat=True))
    assert not _unreached(), "the walk is wide enough to mean something"
    assert State.DRAFT not in reached


def _unreached() -> set[str]:
    """The states and acts that no walk came by."""
    reached = set(DossierEvent.objects.values_list("to_state", flat=True).distinct())
    walked = set(DossierEvent.objects.values_list("action", flat=True).distinct())
    return (set(State.values) - {State.DRAFT} - reached) | (set(TABLE) - UNWALKED - walked)


def _histories_replay() -> None:
    """Revisions 1, 2, 3 … and a chain of states that ends where the row stands."""
    histories = defaultdict(list)
    for event in DossierEvent.objects.order_by("dossier_id", "revision").iterator():
        histories[event.dossier_id].append(event)
    for pk, state, revision in Dossier.objects.values_list("pk", "state", "revision"):
        history = histories.get(pk, [])
        assert [event.revision for event in history] == list(range(1, revision + 1))
        here = State.DRAFT
        for event in history:
            rule = TABLE[event.action]
            assert event.from_state == here
            assert here in rule.sources
            if callable(rule.target):  # as the documentation draws it
                assert event.to_state == here or (here, event.to_state) in rule.moves
            else:
                assert event.to_state == rule.target
            here = event.to_state
        assert here == state


def _clocks_are_whole() -> None:
    stands_still = Q(dossier__state__in=MAY_BE_PAUSED) | Q(dossier__substate=Substate.SUSPENDED)
    assert not Pause.objects.filter(ended_at=None).exclude(stands_still).exists()
    received = Dossier.objects.filter(received_at__isnull=False)
    assert not received.filter(state=State.PROCESSING, due_at=None).exclude(substate=Substate.SUSPENDED).exists()
    assert not received.filter(state__in=(State.SUPPLEMENT, State.FINANCIAL), due_at__isnull=False).exists()
    assert not received.filter(state__in=(State.SUPPLEMENT, State.FINANCIAL), pauses__isnull=True).exists()
    assert not Dossier.objects.exclude(state=State.DRAFT).filter(code=None).exists()
    assert not Dossier.objects.filter(state=State.RECEIVED).exists(), "received is handed over in the same transaction"
    assert (
        not Dossier.objects.filter(state=State.FILED, answer_due_at=None)
        .exclude(supplement_requests__isnull=False)
        .exists()
    )


def _routes_are_whole() -> None:
    working = Dossier.objects.filter(state__in=(State.PROCESSING, State.DONE, State.FINANCIAL))
    assert not working.filter(step=None).exists()
    running = dict(StepRun.objects.filter(finished_at=None).values_list("dossier_id", "pk"))
    for pk, step, state in Dossier.objects.values_list("pk", "step_id", "state"):
        assert running.get(pk) == step
        if state in ENDED_STATES and state != State.WITHDRAWN:
            assert step is None


def _numbers_have_no_gap() -> None:
    papers = defaultdict(list)
    for agency, form, year, number in Paper.objects.values_list("agency_code", "form", "year", "number"):
        papers[agency, form, year].append(int(number.partition("/")[0]))
    codes = defaultdict(list)
    for code in Dossier.objects.filter(code__isnull=False).values_list("code", flat=True):
        stem, _dash, serial = code.rpartition("-")
        codes[stem].append(int(serial))
    assert len(papers) >= 4
    for numbers in [*papers.values(), *codes.values()]:
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
