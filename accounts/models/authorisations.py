"""Who may act for somebody else, by which paper, for what and how long."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Enterprise, Person
from core.sealed_field import SealedField


class Authorisation(models.Model):
    """A person's or enterprise's written word that `grantee` may file for them.

    Online it is only stated: number and name as the grantee typed them, joined to nobody. A counter that has checked
    the paper confirms it; then number and name fit one record. It ends by its day, with its dossier, or when it is
    revoked.
    """

    class Scope(models.TextChoices):
        DOSSIER = "dossier", _("Một hồ sơ này")
        PROCEDURE = "procedure", _("Mọi hồ sơ của thủ tục này")
        ALL = "all", _("Mọi thủ tục hành chính")

    grantee = models.ForeignKey(Person, models.PROTECT, related_name="authorisations_held")
    # A tax number, or the key of a person's paper.
    grantor_number = SealedField("authorisation.grantor_number", max_length=80)
    grantor_name = models.CharField(max_length=250)
    grantor_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="authorisations_given")
    grantor_enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="authorisations_given")
    paper = models.CharField(max_length=300)  # number and day of the paper, and who certified it
    scope = models.CharField(max_length=9, choices=Scope.choices, default=Scope.DOSSIER)
    procedure_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # none: as long as its one dossier runs
    stated_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    revoke_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(grantor_number__sealed=True), name="grantor_number_sealed"),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False)
                & (
                    models.Q(grantor_person__isnull=False, grantor_enterprise__isnull=True)
                    | models.Q(grantor_person__isnull=True, grantor_enterprise__isnull=False)
                ),
                name="authorisation_confirmed_for_one",
            ),
            models.CheckConstraint(
                condition=models.Q(grantor_person__isnull=True) | ~models.Q(grantor_person=models.F("grantee")),
                name="authorisation_of_another",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True, scope="dossier")
                | models.Q(valid_to__isnull=False, valid_to__gte=models.F("valid_from")),
                name="authorisation_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(scope="procedure") | ~models.Q(procedure_code=""), name="authorisation_names_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grantor_name} · {self.get_scope_display()}"
