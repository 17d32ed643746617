"""Money that goes back: asked for by one person, decided by another, and paid by the way it came."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.charges import Charge, Payment
from payments.models.strays import StrayMoney

_NOT_MORE = """
    IF NEW.state IN ('declined', 'failed') THEN RETURN NULL; END IF;
    IF NEW.charge_id IS NOT NULL THEN
        PERFORM FROM payments_charge WHERE id = NEW.charge_id FOR UPDATE;
        SELECT amount INTO came FROM payments_charge WHERE id = NEW.charge_id;
    ELSE
        PERFORM FROM payments_straymoney WHERE id = NEW.stray_id FOR UPDATE;
        SELECT amount INTO came FROM payments_straymoney WHERE id = NEW.stray_id;
    END IF;
    SELECT sum(amount) INTO goes FROM payments_refund
        WHERE (charge_id = NEW.charge_id OR stray_id = NEW.stray_id) AND state NOT IN ('declined', 'failed');
    IF goes > came THEN
        RAISE EXCEPTION 'more would go back than came' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class Refund(models.Model):
    """One refund of a settled charge, or of stray money. What was decided stays; only its fate is added."""

    class State(models.TextChoices):
        ASKED = "asked", _("Chờ duyệt")
        GRANTED = "granted", _("Đã duyệt, chờ chi")
        SENT = "sent", _("Đã gửi lệnh, chờ kết quả")
        DONE = "done", _("Đã hoàn")
        DECLINED = "declined", _("Không duyệt")
        FAILED = "failed", _("Không hoàn được")

    class Reason(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Rút hồ sơ")
        REFUSED = "refused", _("Hồ sơ bị từ chối")
        TWICE = "twice", _("Nộp hai lần, nộp thừa")
        CORRECTED = "corrected", _("Mức thu được sửa")
        OTHER = "other", _("Lý do khác")

    class Way(models.TextChoices):
        PROVIDER = "provider", _("Qua bên thu hộ, về nơi đã trả")
        TRANSFER = "transfer", _("Chuyển khoản")
        CASH = "cash", _("Tiền mặt tại quầy")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="refunds")
    stray = models.ForeignKey(StrayMoney, models.PROTECT, null=True, related_name="refunds")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="refunds")  # through which it came
    agency_code = models.CharField(max_length=35)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    ground = models.CharField(max_length=300)
    way = models.CharField(max_length=10, choices=Way.choices)
    target = models.CharField(max_length=200, blank=True)  # bank, account number and holder, of a transfer
    payee = models.CharField(max_length=250)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by_account = models.BigIntegerField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by_account = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)  # why not
    done_by = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    provider_transaction = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    paper_code = models.CharField(max_length=24, blank=True)

    kept = Kept(
        may_change=(
            "state",
            "decided_by_account",
            "decided_by",
            "decided_at",
            "decision",
            "done_by",
            "done_at",
            "provider_transaction",
            "failure",
            "paper_code",
        )
    )
    sealed = Sealed(
        "refunds",
        {
            1: (
                "uid",
                "charge_id",
                "stray_id",
                "payment_id",
                "agency_code",
                "amount",
                "reason",
                "ground",
                "way",
                "target",
                "payee",
                "asked_by_account",
                "asked_by",
                "asked_at",
            )
        },
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=Q(charge__isnull=False, stray__isnull=True) | Q(charge__isnull=True, stray__isnull=False),
                name="refund_of_charge_or_stray",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by_account__isnull=True)
                | (
                    ~Q(state="asked")
                    & Q(decided_by_account__isnull=False)
                    & ~Q(decided_by_account=F("asked_by_account"))
                ),
                name="refund_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(way="transfer") | ~Q(target=""), name="refund_transfer_has_target"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_more_than_came",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                declare=[("came", "bigint"), ("goes", "bigint")],
                func=_NOT_MORE,
            )
        ]
