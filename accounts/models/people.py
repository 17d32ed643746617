"""People and enterprises, and who may act for an enterprise."""

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.accounts import Account
from accounts.models.birth import BirthDateColumn
from core.countries import country_name
from core.sealed_field import NumberDigest, SealedField
from vietnam.dates import BirthDate, format_date
from vietnam.decisions import LONGEST_ISSUER, LONGEST_KEY, FoundingDecision
from vietnam.documents import FOREIGN, VIETNAM, DocumentKind, IdentityDocument
from vietnam.identity import fits_birth_date


class Person(models.Model):
    class Sex(models.TextChoices):
        MALE = "male", _("Nam")
        FEMALE = "female", _("Nữ")

    class Document(models.TextChoices):
        """The papers of people without a personal number (vietnam.documents)."""

        OLD_CARD = DocumentKind.OLD_CARD.value, _("Chứng minh nhân dân 9 số")
        PASSPORT = DocumentKind.PASSPORT.value, _("Hộ chiếu")
        TRAVEL_DOCUMENT = DocumentKind.TRAVEL_DOCUMENT.value, _("Giấy tờ đi lại quốc tế khác")

    personal_number = SealedField("person.personal_number", shape=r"[0-9]{12}", max_length=12, null=True)
    # By which paper somebody without a personal number is known; the country is that of the paper and of its holder.
    document_kind = models.CharField(max_length=16, choices=Document.choices, blank=True)
    document_country = models.CharField(max_length=2, blank=True)
    document_number = SealedField("person.document_number", shape=r"[A-Z0-9]{5,20}", max_length=20, blank=True)
    # What the holder of a self-made account says their number is (`IdentityDocument.key`). It becomes the record's own
    # when it is proven; until then nothing that anybody files or takes in under the number belongs to this record.
    claimed_number = SealedField("person.claimed_number", max_length=50, blank=True)
    self_declared = models.BooleanField(default=False)  # all of it is what the holder of an unproven account stated
    full_name = models.CharField(max_length=150)
    birth_date = BirthDateColumn(null=True)
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
    # No index by order: PostgreSQL takes any word for a frequent one and would walk it in place of the word index.
    search_key = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    personal_number__sealed=True, document_number__sealed=True, claimed_number__sealed=True
                ),
                name="person_numbers_sealed",
            ),
            models.UniqueConstraint(NumberDigest("personal_number"), name="personal_number_once"),
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=True)
                | models.Q(birth_date__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
                name="birth_date_iso",
            ),
            models.UniqueConstraint(
                NumberDigest("document_number"),
                "document_kind",
                "document_country",
                condition=~models.Q(document_number=""),
                name="identity_document_once",
            ),
            models.CheckConstraint(
                condition=models.Q(document_kind="", document_country="", document_number="")
                | ~models.Q(document_number="")
                & (
                    models.Q(document_kind="old_card", document_country="VN")
                    | models.Q(document_kind__in=("passport", "travel_document"), document_country__regex=r"^[A-Z]{2}$")
                ),
                name="identity_document_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_number="") | models.Q(personal_number__isnull=True, self_declared=True),
                name="claimed_number_is_unproven",
            ),
            models.UniqueConstraint(
                NumberDigest("claimed_number"), condition=~models.Q(claimed_number=""), name="number_claimed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | models.Q(account__isnull=True, personal_number__isnull=True, claimed_number="", document_number=""),
                name="merged_person_is_empty",
            ),
        ]
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="person_words")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def documents(self) -> list[IdentityDocument]:
        """The papers that the person is known by, the personal number first."""
        found = []
        if self.personal_number:
            found.append(IdentityDocument(DocumentKind.PERSONAL_NUMBER, VIETNAM, self.personal_number))
        if self.document_number:
            paper = DocumentKind(self.document_kind), self.document_country, self.document_number
            found.append(IdentityDocument(*paper))
        return found

    @property
    def identity(self) -> IdentityDocument | None:
        """The paper that the person is known by; None while there is only a claim."""
        return next(iter(self.documents), None)

    @property
    def stated_identity(self) -> IdentityDocument | None:
        """The same, proven or claimed; `self_declared` tells which."""
        return self.identity or (IdentityDocument.of_key(self.claimed_number) if self.claimed_number else None)

    @property
    def stated_number(self) -> str:
        """The number of that paper."""
        return str(self.stated_identity or "")

    def may_be_born(self, day: BirthDate | None) -> bool:
        """Whether a day of birth can be that of the number's holder."""
        document = self.stated_identity
        return document is None or not document.is_personal or fits_birth_date(document.number, day)

    @property
    def identity_name(self) -> str:
        """What that number is called, with the country of a foreign paper: "Hộ chiếu (Hàn Quốc)"."""
        return document_name(self.stated_identity)


class FormerNumber(models.Model):
    """By which paper (`IdentityDocument.key`) somebody was on record until a counter put it right or joined records.

    The journal, which is kept as it was written, says of a number its last signs only.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="former_numbers")
    number = SealedField("former_number.number", max_length=50)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(number__sealed=True), name="former_number_sealed")]

    def __str__(self) -> str:
        return f"{document_name(self.document)} {self.document.number}"

    @property
    def document(self) -> IdentityDocument:
        return IdentityDocument.of_key(self.number)


def document_name(document: IdentityDocument | None) -> str:
    """What the number of a paper is called, in the reader's language."""
    if document is None or document.is_personal:
        return str(_("Số định danh cá nhân"))
    named = str(Person.Document(document.kind).label)
    return f"{named} ({country_name(document.country)})" if document.kind in FOREIGN else named


class Enterprise(models.Model):
    """A body that dossiers can be for: known by its tax number, or by the decision that founded it, here or abroad."""

    tax_number = models.CharField(max_length=14, unique=True, null=True)
    decision_number = models.CharField(max_length=60, blank=True, db_index=True)
    decision_country = models.CharField(max_length=2, blank=True)
    decision_date = models.DateField(null=True)  # none of what was entered before it was asked for, and of few abroad
    decision_issuer = models.CharField(max_length=LONGEST_ISSUER, blank=True)
    decision_issuer_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    name = models.CharField(max_length=250)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    territory = models.ForeignKey("agencies.Territory", models.PROTECT, null=True, blank=True)
    search_key = models.CharField(max_length=400)
    representatives = models.ManyToManyField(Person, through="Representation", related_name="enterprises")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision_country", "decision_number", "decision_date", "decision_issuer_key"],
                condition=~models.Q(decision_number=""),
                nulls_distinct=False,
                name="decision_once",
            ),
            models.CheckConstraint(
                condition=models.Q(decision_issuer="", decision_issuer_key="")
                | ~models.Q(decision_issuer="") & ~models.Q(decision_issuer_key="") & ~models.Q(decision_number=""),
                name="issuer_with_its_key",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_number__isnull=False, decision_number="", decision_country="")
                | models.Q(decision_country__regex=r"^[A-Z]{2}$") & ~models.Q(decision_number=""),
                name="body_has_a_number",
            ),
        ]
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="enterprise_words")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        return self.tax_number or self.decision_number

    @property
    def decision(self) -> FoundingDecision:
        return FoundingDecision(self.decision_number, self.decision_country, self.decision_date, self.decision_issuer)

    @property
    def number_in_full(self) -> str:
        """With the day and the authority of a decision, which its number needs: "12/QĐ-UBND, 05/03/2019, UBND …"."""
        day = format_date(self.decision_date) if self.decision_date else ""
        return self.tax_number or ", ".join(filter(None, (self.decision_number, day, self.decision_issuer)))

    @property
    def identity_name(self) -> str:
        """What that number is called: "Mã số thuế", "Quyết định thành lập (Nhật Bản)"."""
        if self.tax_number:
            return str(_("Mã số thuế"))
        abroad = self.decision_country != VIETNAM
        return str(_("Quyết định thành lập")) + (f" ({country_name(self.decision_country)})" if abroad else "")


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
            # Ended on its first day it never held.
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from") - timedelta(days=1)),
                name="representation_forward",
            ),
        ]
