"""Every look-up in a national register: who asked for what, why, and what was said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_field import NumberDigest, SealedField


class Registry(models.TextChoices):
    POPULATION = "population", _("Cơ sở dữ liệu quốc gia về dân cư")
    ENTERPRISE = "enterprise", _("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp")
    LAND = "land", _("Cơ sở dữ liệu quốc gia về đất đai")


class RegistryLookup(models.Model):
    """One look-up. `facts` are what the register said, by the words of the mapping, `record` for which record
    (core.references); a later look-up may answer from it until `good_until`."""

    class Outcome(models.TextChoices):
        FOUND = "found", _("Có dữ liệu")
        NONE = "none", _("Không có dữ liệu")
        UNANSWERED = "unanswered", _("Cơ sở dữ liệu chưa trả lời")
        PAPER = "paper", _("Dùng bản giấy vì chưa có dữ liệu")  # what staff decided while no answer came

    registry = models.CharField(max_length=12, choices=Registry.choices)
    number = SealedField("registry_lookup.number", max_length=40)
    purpose = models.CharField(max_length=200)
    record = models.CharField(max_length=80, blank=True)
    paper = models.CharField(max_length=80, blank=True)  # key of the paper that the data stand for
    by = models.CharField(max_length=200)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    facts = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)  # when the register itself said so; earlier than `at` when used again
    good_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("registry", NumberDigest("number"), models.F("id").desc(), name="lookup_of_number"),
            models.Index(fields=["record", "-id"], name="lookup_of_record", condition=~models.Q(record="")),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(number__sealed=True), name="looked_up_number_sealed")]
