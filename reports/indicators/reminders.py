"""Indicators of reminders: which dossiers somebody was reminded of, and which went on soon after."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierEvent, StepRun
from reports.indicators.kinds import PRACTICE, Asked, Family, Measure, everything

EFFECT_DAYS = 3


def reminded_in(asked: Asked) -> Q:
    """The dossiers that somebody was reminded of in the period."""
    return Q(pk__in=_reminders(asked).values("dossier"))


def _reminders(asked: Asked) -> QuerySet[DossierEvent]:
    return DossierEvent.objects.filter(action="remind", at__gte=asked.since, at__lt=asked.until).order_by()


def _went_on(asked: Asked) -> Q:
    """After one of them a step ended in time, its work done."""
    ended = StepRun.objects.filter(
        dossier=OuterRef("dossier"),
        broken_off=False,
        finished_at__gt=OuterRef("at"),
        finished_at__lte=OuterRef("at") + Value(timedelta(days=EFFECT_DAYS)),
    )
    return Q(pk__in=_reminders(asked).filter(Exists(ended)).values("dossier"))


REMINDERS = (
    Measure(
        "reminded",
        _("Được đôn đốc"),
        _("Hồ sơ được đôn đốc ít nhất một lần trong kỳ."),
        Family.REMINDED,
        everything,
        source=PRACTICE,
    ),
    Measure(
        "reminded_moved",
        _("Chuyển bước sau đôn đốc"),
        _("Hồ sơ được đôn đốc trong kỳ; trong ba ngày sau một lần đôn đốc, bước đang chờ đã làm xong."),
        Family.REMINDED,
        _went_on,
        source=PRACTICE,
    ),
)
