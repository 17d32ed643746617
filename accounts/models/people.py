"""People and enterprises, and who may act for an enterprise."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.accounts import Account


class Person(models.Model):
    class Sex(models.TextChoices):
        MALE = "male", _("Nam")
        FEMALE = "female", _("Nữ")

    personal_number = models.CharField(max_length=12, unique=True, null=True)
    # What the holder of a self-made account says their number is. It becomes `personal_number` when it is proven; until
    # then nothing that anybody files or takes in under the number belongs to this record.
    claimed_number = models.CharField(max_length=12, blank=True)
    self_declared = models.BooleanField(default=False)  # all of it is what the holder of an unproven account stated
    full_name = models.CharField(max_length=150)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    territory = models.ForeignKey("agencies.Territory", models.PROTECT, null=True, blank=True)
    # Telephone and e-mail that a counter confirmed with the card in hand: a code sent there proves an account.
    phone_confirmed_at = models.DateTimeField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    account = models.OneToOneField(Account, models.PROTECT, null=True, related_name="person")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    search_key = models.CharField(max_length=300, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal_number__isnull=True) | models.Q(personal_number__regex=r"^(\d{9}|\d{12})$"),
                name="personal_number_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_number="") | models.Q(personal_number__isnull=True, self_declared=True),
                name="claimed_number_is_unproven",
            ),
            models.UniqueConstraint(
                fields=["claimed_number"], condition=~models.Q(claimed_number=""), name="number_claimed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | models.Q(account__isnull=True, personal_number__isnull=True, claimed_number=""),
                name="merged_person_is_empty",
            ),
        ]
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="person_words")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def stated_number(self) -> str:
        """The personal number, proven or claimed; `self_declared` tells which."""
        return self.personal_number or self.claimed_number


class Enterprise(models.Model):
    tax_number = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=250)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    territory = models.ForeignKey("agencies.Territory", models.PROTECT, null=True, blank=True)
    search_key = models.CharField(max_length=400, db_index=True)
    representatives = models.ManyToManyField(Person, through="Representation", related_name="enterprises")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="enterprise_words")]

    def __str__(self) -> str:
        return self.name


class Representation(models.Model):
    """Who may file for an enterprise, since when and on what ground."""

    person = models.ForeignKey(Person, models.PROTECT)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT)
    ground = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "enterprise"],
                condition=models.Q(valid_to__isnull=True),
                name="representation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="representation_forward",
            ),
        ]
