"""The fee table of an edition."""

from typing import Any
from zlib import crc32

from django.db import models
from django.utils.translation import gettext_lazy as _

from procedures.models.catalogue import Channel, FactState
from procedures.models.editions import Edition

# What an amount may be paid for each of.
UNITS_PAID_FOR = [
    ("dossier", _("hồ sơ")),
    ("copy", _("bản")),
    ("page", _("trang")),
    ("person", _("người")),
    ("item", _("lần, cái")),
]
# The kind of a line that says that nothing is paid; it may wait for confirmation as any fact.
FREE = "free"


class FeeLine(models.Model):
    """One line of the fee table of a channel and case; `amount` in đồng, null while unverified."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="fee_lines")
    position = models.PositiveSmallIntegerField()
    case = models.SlugField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=8)  # levy (lệ phí), charge (phí), price (giá dịch vụ), unknown, free
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    amount = models.BigIntegerField(null=True)  # for one of `per`
    per = models.CharField(max_length=10, default="dossier")
    # Which units of its quantity the line covers, both ends included: pages 1 to 2, from page 3. Null: open.
    counts_from = models.PositiveIntegerField(null=True)
    counts_to = models.PositiveIntegerField(null=True)
    each = models.CharField(max_length=10, blank=True)  # "copy": the quantity is that of one copy, paid for each
    # In đồng, for one of `each` (else the dossier): the most that lines with a cap, the same `per` and `each` cost.
    at_most = models.BigIntegerField(null=True)
    exempt = models.TextField(blank=True)  # who does not pay
    exempt_en = models.TextField(blank=True)
    # Who pays less and how much: [{"key", "name", "name_en", "percent"}], 0 to 100 percent of the amount left to pay.
    exemptions = models.JSONField(default=list)
    # Holds for a value (of works, a plot …) in đồng from `value_from` to below `value_below`; both may be open.
    value_from = models.BigIntegerField(null=True)
    value_below = models.BigIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # the last day
    on_request = models.BooleanField(default=False)  # paid for what is asked for besides, none unless said
    set_by = models.CharField(max_length=10, blank=True)  # "province": its Council decides the amount
    legal_basis = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=16, choices=FactState.choices)
    raw = models.TextField(blank=True)

    @property
    def known(self) -> bool:
        """Whether the amount of one is confirmed."""
        return self.state == FactState.CONFIRMED and self.amount is not None

    @property
    def reliefs(self) -> list[dict[str, Any]]:
        """Who may claim to pay less, shaped as `exemptions`: also those whom the line exempts in words only."""
        if not self.exempt:
            return self.exemptions
        key = f"exempt-{crc32(self.exempt.encode()):08x}"
        told = {"key": key, "name": self.exempt, "name_en": self.exempt_en, "percent": 0}
        return [told, *self.exemptions]

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value_below__isnull=True)
                | models.Q(value_from__isnull=True)
                | models.Q(value_below__gt=models.F("value_from")),
                name="fee_band_upward",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="fee_validity_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(counts_from__isnull=True) | models.Q(counts_from__gte=1), name="fee_step_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(counts_to__isnull=True)
                | models.Q(counts_from__isnull=True, counts_to__gte=1)
                | models.Q(counts_to__gte=models.F("counts_from")),
                name="fee_step_upward",
            ),
            models.CheckConstraint(
                condition=models.Q(each="") | ~models.Q(each=models.F("per")), name="fee_each_of_another"
            ),
            models.CheckConstraint(
                condition=models.Q(at_most__gte=0) | models.Q(at_most__isnull=True), name="fee_cap_not_negative"
            ),
            models.UniqueConstraint(fields=["edition", "channel", "position"], name="fee_line_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0) | models.Q(amount__isnull=True), name="fee_not_negative"
            ),
        ]
