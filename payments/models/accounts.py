"""Where an agency collects, and under which series it numbers its receipts; each for a time.

A change never rewrites: a row ends, and another begins. Money that was asked for under an ended row still finds it.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DecimalRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agencies.querysets import ValidityQuerySet
from journal.kept import Kept


class _Days(Func):
    """The days of a row as a range, the last one included."""

    function = "daterange"
    output_field = DateRangeField()


class _Same(Func):
    """A point among numbers that texts share when they are the same: ranges have an index of their own, texts would
    need an extension that small servers lack."""

    template = (
        "numrange(hashtextextended(%(expressions)s, 0)::numeric, hashtextextended(%(expressions)s, 0)::numeric, '[]')"
    )
    arg_joiner = " || '|' || "
    output_field = DecimalRangeField()


def one_at_a_time(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows that agree in `columns` hold on the same day."""
    days = _Days(F("valid_from"), F("valid_to"), Value("[]"))
    same = _Same(*(F(column) for column in columns))
    return ExclusionConstraint(
        name=name,
        expressions=[(same, RangeOperators.OVERLAPS), (days, RangeOperators.OVERLAPS)],
        condition=condition,
    )


class CollectionAccount(models.Model):
    """Where the money of an agency goes by one provider. `agency_code` is empty for the whole province.

    `options` are those of the provider's form, without secrets: a secret stands in the environment under `key`.
    """

    key = models.SlugField(max_length=60, unique=True)  # in the ledger, and the name of its secret
    agency_code = models.CharField(max_length=35, blank=True)
    provider = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ValidityQuerySet.as_manager()
    kept = Kept(may_change=("valid_to",))

    class Meta:
        ordering = ["agency_code", "provider", "-valid_from"]
        constraints = [
            # The province's row is the one that the settings name.
            one_at_a_time("one_account_at_a_time", "agency_code", "provider", condition=~Q(agency_code="")),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="account_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ReceiptSeries(models.Model):
    """The series of electronic receipts of an agency: form symbol, serial, and who collects (Decree 123/2020 as amended
    by 70/2025). The seven-digit number counts without gap within form and serial."""

    agency_code = models.CharField(max_length=35)
    form_symbol = models.CharField(
        max_length=20,
        validators=[RegexValidator(r"\A0[12]BLP\d-\d{3}\Z", _("Ký hiệu mẫu biên lai có dạng 01BLP0-001."))],
    )
    serial = models.CharField(
        max_length=10,
        validators=[RegexValidator(r"\A[A-Z0-9]{2,4}-\d{2}[ETP]\Z", _("Ký hiệu biên lai có dạng BN-26E."))],
    )
    collector_name = models.CharField(max_length=200)
    collector_tax_code = models.CharField(
        max_length=14, validators=[RegexValidator(r"\A\d{10}(-\d{3})?\Z", _("Mã số thuế có 10 hoặc 13 chữ số."))]
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ValidityQuerySet.as_manager()
    kept = Kept(may_change=("valid_to",))

    class Meta:
        ordering = ["agency_code", "-valid_from"]
        constraints = [
            one_at_a_time("one_receipt_series_at_a_time", "agency_code"),
            models.UniqueConstraint(fields=["agency_code", "form_symbol", "serial"], name="receipt_series_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="receipt_series_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_symbol} {self.serial}"
