"""What happened and what must still be told. Subjects are opaque references: nothing here knows what they are."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from journal.canonical import canonical, plain
from journal.kept import Kept, Sealed


class Entry(models.Model):
    """One line of the append-only history of anything that is not a dossier's own event."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=200)  # e.g. "post:12 Nguyễn Văn A", "system:lgsp"
    origin = models.CharField(max_length=200, blank=True)  # address and channel the action came from
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)  # e.g. "procedure:1.001193"
    changes = models.JSONField(default=dict)

    kept = Kept()
    sealed = Sealed("journal", {1: ("at", "actor", "origin", "request_id", "verb", "subject", "changes")})

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-id"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class OutboxMessage(models.Model):
    """Work for later, recorded in the transaction of its cause. `key` makes recording it twice harmless."""

    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, parked_at__isnull=True),
            )
        ]


class IdempotencyKey(models.Model):
    """A key that a caller sent with a request, and the reference of what it made."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]


class NumberSeries(models.Model):
    """The last number given in a series; one row a series, locked while a number is taken."""

    scope = models.CharField(max_length=160, unique=True)
    last = models.BigIntegerField(default=0)

    kept = Kept(may_change=("last",))


class Seal(models.Model):
    """A block of a stream: the digests of its rows, the root of their tree, and the hash of the block before.

    `ids` and `digests` are there to name the row that was changed; the root binds them. Written only by
    `journal.sealing`.
    """

    stream = models.CharField(max_length=40)
    number = models.PositiveIntegerField()  # from 1 in its stream
    form = models.PositiveSmallIntegerField()  # which fields were hashed (`journal.kept.Sealed`)
    last_id = models.BigIntegerField()  # the block is about the keys above the last one's up to this
    rows = models.PositiveIntegerField()
    ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()  # 32 bytes a row, in the order of `ids`
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    kept = Kept()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="seal_number_once"),
            models.UniqueConstraint(fields=["stream", "previous"], name="seal_chain_has_no_fork"),
        ]
        indexes = [models.Index(fields=["stream", "last_id"], name="seal_of_row")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def statement(self) -> dict[str, Any]:
        """What its hash is taken of."""
        return {
            "stream": self.stream,
            "number": self.number,
            "form": self.form,
            "last_id": self.last_id,
            "rows": self.rows,
            "root": self.root,
            "previous": self.previous,
            "sealed_at": plain(self.sealed_at),
        }

    def each_digest(self) -> list[bytes]:
        every = bytes(self.digests)
        return [every[place : place + 32] for place in range(0, len(every), 32)]


class DayRoot(models.Model):
    """The signed root over all blocks sealed until the end of a day. A copy kept elsewhere shows later what was so."""

    day = models.DateField(unique=True)
    last_seal = models.BigIntegerField()  # key of the last seal under it
    seals = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    closed_at = models.DateTimeField()

    kept = Kept()

    class Meta:
        ordering = ["-day"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        return canonical(
            {
                "day": self.day.isoformat(),
                "last_seal": self.last_seal,
                "seals": self.seals,
                "root": self.root,
                "previous": self.previous,
                "public_key": self.public_key,
            }
        )

    def published(self) -> dict[str, str]:
        """What is kept elsewhere of it."""
        return {
            "day": self.day.isoformat(),
            "hash": self.hash,
            "statement": self.statement.decode(),
            "signature": self.signature,
        }


class Connection(models.Model):
    """How one neighbour that we call is doing. After several failures in a row it rests until `resting_until`."""

    name = models.CharField(max_length=80, unique=True)  # e.g. "webhook:12", "national"
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    resting_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]


class OutgoingCall(models.Model):
    """One request to a neighbour and how it ended. Neither its content nor its address is kept."""

    connection = models.CharField(max_length=80)
    operation = models.CharField(max_length=80)
    reference = models.CharField(max_length=80, blank=True)  # of the record it was made for, e.g. "webhook:77"
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)  # HTTP; empty when no answer came
    milliseconds = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["connection", "-id"], name="outgoing_by_connection"),
            models.Index(fields=["reference", "-id"], name="outgoing_by_reference", condition=~models.Q(reference="")),
            models.Index(fields=["at"], name="outgoing_by_moment"),
        ]
