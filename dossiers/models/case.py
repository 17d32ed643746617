"""The case: one row per dossier, written by `dossiers.lifecycle.execute_transition` (see docs/decisions)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from dossiers.models.querysets import DossierQuerySet
from dossiers.models.routes import PlannedRoute
from dossiers.models.states import (
    ENDED_STATES,
    OPEN_STATES,
    RUNNING_STATES,
    WAITING_STATES,
    Outcome,
    State,
    Substate,
    Wait,
)
from procedures.models import Channel

if TYPE_CHECKING:
    from dossiers.models.documents import DossierDocument
    from dossiers.models.motion import UnopenedLink


class FilingGround(models.TextChoices):
    SELF = "self", _("Nộp cho chính mình")
    REPRESENTATIVE = "representative", _("Người đại diện theo pháp luật của doanh nghiệp")
    AUTHORISED = "authorised", _("Được người khác ủy quyền")


class ReturnMethod(models.TextChoices):
    COUNTER = "counter", _("Nhận tại quầy")
    POST = "post", _("Nhận qua bưu chính")
    DOWNLOAD = "download", _("Tải bản điện tử")


class Dossier(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True)  # address of the draft; names it in `reference`
    code = models.CharField(max_length=60, unique=True, null=True)  # given once, at sending or counter receipt
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.DRAFT)
    substate = models.CharField(max_length=30, blank=True, choices=Substate.choices)
    # Grows with every action; a page that was drawn with an older one is stale.
    revision = models.PositiveIntegerField(default=0)
    edition = models.ForeignKey("procedures.Edition", models.PROTECT, related_name="+", db_index=False)
    case = models.SlugField(blank=True, db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # Filer and owner are two facts, with the ground.
    # References without an index of their own: an index below begins with them, or nothing is looked up by them
    # (docs/decisions/indexes-of-dossiers.md).
    filer = models.ForeignKey("accounts.Person", models.PROTECT, related_name="filed_dossiers", db_index=False)
    owner_person = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="owned_dossiers", db_index=False
    )
    owner_enterprise = models.ForeignKey(
        "accounts.Enterprise", models.PROTECT, null=True, related_name="dossiers", db_index=False
    )
    filing_ground = models.CharField(max_length=16, choices=FilingGround.choices, default=FilingGround.SELF)
    ground_note = models.CharField(max_length=300, blank=True)
    authorisation = models.ForeignKey(
        "accounts.Authorisation", models.PROTECT, null=True, related_name="dossiers", db_index=False
    )
    owner_name = models.CharField(max_length=250, blank=True)  # as it was at filing; printed on papers
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_address = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=dict)
    fee_facts = models.JSONField(default=dict)  # what the fee depends on (dossiers.fees.amounts)
    content = models.CharField(max_length=500, blank=True)  # what is asked for, in a line
    # Four places that are four facts (Decree 118/2025/NĐ-CP).
    help_desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+", db_index=False)
    receiving_agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    settling_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="dossiers", db_index=False
    )
    return_desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+", db_index=False)
    return_method = models.CharField(max_length=8, choices=ReturnMethod.choices, default=ReturnMethod.COUNTER)
    return_address = models.CharField(max_length=300, blank=True)
    # The clock. Amount and unit are copied from the edition at receipt.
    limit_amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=14, blank=True)
    after_15h_next_day = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    discarded_at = models.DateTimeField(null=True)  # a draft that its writer deleted and may take back
    filed_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)  # counter's answer to an online filing
    # What people are waited for: the automatic action of the life-cycle table that comes at the end of the waiting.
    waits_for = models.CharField(max_length=40, blank=True, choices=Wait.choices)
    wait_ends_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)  # when the last waiting was begun; it stays when that ends
    received_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # null while paused
    calendar_version = models.CharField(max_length=60, blank=True)
    # Everything a due date is counted from, so that it can be counted again and explained at any time.
    clock_started_at = models.DateTimeField(null=True)
    extension_amount = models.DecimalField(max_digits=8, decimal_places=2, default=0)  # in limit_unit
    # The internal route as planned at receipt, shared by all dossiers that have the same.
    planned_route = models.ForeignKey("PlannedRoute", models.PROTECT, null=True, related_name="+", db_index=False)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome.choices)  # once done
    destroyed_at = models.DateTimeField(null=True)  # once its time of keeping was over (lifecycle.retention)
    # Whose turn it is.
    step = models.ForeignKey("StepRun", models.SET_NULL, null=True, related_name="+", db_index=False)
    holder = models.ForeignKey("accounts.StaffPost", models.SET_NULL, null=True, related_name="+", db_index=False)
    # Whose work it is in figures: the post at the settling agency that an officer's step was last given to. Written by
    # the database (migration 0047), read and never assigned here.
    worker = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+", db_index=False)
    fee_amount = models.BigIntegerField(null=True)
    fee_settled_at = models.DateTimeField(null=True)
    fee_method = models.CharField(max_length=10, blank=True)
    has_digital_result = models.BooleanField(default=False)
    # Interlinked: the dossier whose route opened this one.
    opened_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="opened", db_index=False)
    filing_key = models.CharField(max_length=80, unique=True, null=True)  # asking twice makes one dossier; never read
    search_vector = SearchVectorField(null=True)
    # Compared byte by byte (vietnam.text.sort_key), so whatever the server's locale.
    sort_key = models.CharField(max_length=500, blank=True, db_collation="C")

    objects = DossierQuerySet.as_manager()
    new_papers: "Sequence[DossierDocument]" = ()  # of a dossier that is not stored yet, to be stored with it

    # When it was paused, while an action holds it; None where nobody has read that under its lock.
    paused_times: "list[tuple[datetime, datetime | None]] | None" = None

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=(State.DRAFT, State.WITHDRAWN)) | models.Q(code__isnull=False),
                name="dossier_has_code",
            ),
            models.CheckConstraint(
                condition=models.Q(discarded_at__isnull=True) | models.Q(state=State.DRAFT),
                name="dossier_sent_is_not_discarded",
            ),
            models.CheckConstraint(
                condition=models.Q(owner_person__isnull=True) | models.Q(owner_enterprise__isnull=True),
                name="dossier_one_owner",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(State.RECEIVED, State.PROCESSING)) | models.Q(received_at__isnull=False),
                name="dossier_received_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(State.DONE, State.RETURNED)) | models.Q(finished_at__isnull=False),
                name="dossier_done_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True)
                | models.Q(
                    state__in=ENDED_STATES,
                    owner_name="",
                    contact_phone="",
                    contact_email="",
                    contact_address="",
                    answers={},
                    fee_facts={},
                    content="",
                    return_address="",
                    ground_note="",
                    sort_key="",
                    search_vector__isnull=True,
                ),
                name="dossier_destroyed_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "settling_agency"], name="dossier_edition"),
            models.Index(
                # Figures of what is open are counted from it alone.
                fields=["settling_agency", "state", "due_at", "id"],
                include=["received_at", "answer_due_at", "substate", "receiving_agency", "edition", "channel"],
                name="dossier_open",
                condition=models.Q(state__in=(State.FILED, *OPEN_STATES)),
            ),
            models.Index(fields=["receiving_agency", "state", "answer_due_at"]),
            models.Index(fields=["holder"], name="dossier_held_by", condition=models.Q(holder__isnull=False)),
            models.Index(
                fields=["authorisation"], name="dossier_authorised", condition=models.Q(authorisation__isnull=False)
            ),
            models.Index(fields=["opened_by"], name="dossier_opened_by", condition=models.Q(opened_by__isnull=False)),
            models.Index(fields=["due_at"], name="dossier_running", condition=models.Q(state__in=RUNNING_STATES)),
            models.Index(fields=["filer", "-id"]),
            models.Index(
                fields=["owner_person", "-id"], name="dossier_of_person", condition=models.Q(owner_person__isnull=False)
            ),
            models.Index(
                fields=["owner_enterprise", "-id"],
                name="dossier_of_enterprise",
                condition=models.Q(owner_enterprise__isnull=False),
            ),
            models.Index(
                fields=["help_desk", "-id"], name="dossier_of_desk", condition=models.Q(help_desk__isnull=False)
            ),
            models.Index(fields=["settling_agency", "received_at"]),
            models.Index(fields=["settling_agency", "finished_at"]),
            models.Index(fields=["settling_agency", "fee_settled_at"]),
            models.Index(fields=["received_at"]),
            models.Index(fields=["finished_at"]),
            models.Index(
                fields=["discarded_at"], name="dossier_discarded", condition=models.Q(discarded_at__isnull=False)
            ),
            models.Index(
                fields=["wait_ends_at"], name="dossier_waited", condition=models.Q(wait_ends_at__isnull=False)
            ),
            GinIndex(fields=["search_vector"]),
        ]

    def __str__(self) -> str:
        return self.code or str(self.uid)

    @property
    def settler(self) -> Agency:
        """The competent agency of a dossier that has one. Raises LookupError."""
        if self.settling_agency is None:
            raise LookupError(f"{self} has no competent agency")
        return self.settling_agency

    @property
    def receiver(self) -> Agency:
        """The intake agency of a dossier that has one. Raises LookupError."""
        if self.receiving_agency is None:
            raise LookupError(f"{self} has no intake agency")
        return self.receiving_agency

    @property
    def route(self) -> list[dict[str, Any]]:
        """The steps of its internal route (`procedures.routes`), none before receipt; to be read, not written into."""
        return self.planned_route.steps if self.planned_route is not None else []

    @route.setter
    def route(self, steps: list[dict[str, Any]]) -> None:
        """Whoever gives a route stores it too: with a step (`routing.begin_step`), or by `store_routes`."""
        self.planned_route = PlannedRoute.of_steps(steps)

    @property
    def papers(self) -> "Iterable[DossierDocument]":
        """Its papers, in their order."""
        return self.new_papers if self._state.adding else self.documents.all()

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still: others must act, or a sector law excludes the time."""
        waiting = self.state in WAITING_STATES and self.received_at is not None
        return waiting or (self.state == State.PROCESSING and self.substate == Substate.SUSPENDED)

    @property
    def links_to_open(self) -> list["UnopenedLink"]:
        """What the route was to open and nobody has opened yet; no statement of its own where it was prefetched."""
        return [link for link in self.unopened_links.all() if link.opened_at is None]

    @property
    def promised_at(self) -> datetime | None:
        """The due date as applicants are told it: none once nobody works towards a result any more."""
        ended_undone = self.state in (State.NOT_RECEIVED, State.WITHDRAWN, State.STOPPED)
        return None if ended_undone else self.due_at

    @property
    def reference(self) -> str:
        """The record reference that lower apps keep (core.references)."""
        return f"dossier:{self.uid}"
