"""The papers of a dossier and what was asked for beside them."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from digitization.models import StoredFile
from dossiers.models.case import Dossier
from dossiers.models.states import Outcome


class DossierDocument(models.Model):
    """One paper of a dossier: a component of the checklist, a later supplement, or the result."""

    class Kind(models.TextChoices):
        COMPONENT = "component", _("Thành phần hồ sơ")
        OTHER = "other", _("Giấy tờ khác")
        RESULT = "result", _("Kết quả")
        AUTHORITY = "authority", _("Văn bản ủy quyền")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMPONENT)
    required_document = models.ForeignKey("procedures.RequiredDocument", models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.TextField()
    # As they came on paper; a file sent online counts none.
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    later = models.BooleanField(default=False)  # the applicant brings it later
    # The first of its files; further ones (pages photographed one by one) follow in `further`. Written together by
    # `filing.paper_files.set_files`.
    file = models.ForeignKey("digitization.StoredFile", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    # A result: drafted (text or file), approved by hash, issued with what the signed paper says (lifecycle.results).
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)  # of a result, once approved
    text = models.TextField(blank=True)
    draft_file = models.ForeignKey(
        "digitization.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # What was approved, with the electronic signature of whoever approved it; the agency's own until it is issued.
    signed_file = models.ForeignKey(
        "digitization.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_digest = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    signer = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)  # a result taken back by a correction; it stays in history

    class Meta:
        ordering = ["kind", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(issued_on__isnull=True) | (~models.Q(number="") & ~models.Q(signer="")),
                name="issued_with_number_and_signer",
            ),
        ]
        indexes = [  # few lines are results
            models.Index(fields=["draft_file"], name="document_draft", condition=models.Q(draft_file__isnull=False)),
            models.Index(fields=["signed_file"], name="document_signed", condition=models.Q(signed_file__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="secret_paper_has_no_file",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("file_id", "required_document_id"),
                condition=pgtrigger.Q(new__file__isnull=False, new__required_document__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT FROM procedures_requireddocument WHERE id = NEW.required_document_id AND secret
                    ) THEN
                        RAISE EXCEPTION 'a secret paper has no file' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    @property
    def local_name(self) -> str:
        """What the paper is called, in the reader's language where the catalogue knows it."""
        asked = self.required_document
        return asked.local_name if asked is not None and get_language() == "en" else self.name

    def __str__(self) -> str:
        return self.name

    @property
    def files(self) -> list[StoredFile]:
        """All its files in their order."""
        return [self.file, *(more.file for more in self.further.all())] if self.file is not None else []


class FurtherFile(models.Model):
    """One more file of a paper, behind the first."""

    document = models.ForeignKey(DossierDocument, models.CASCADE, related_name="further")
    file = models.ForeignKey("digitization.StoredFile", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="further_file_place"),
            models.UniqueConstraint(fields=["document", "file"], name="further_file_once"),
        ]


class SupplementRequest(models.Model):
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="supplement_requests")
    stage = models.CharField(max_length=10)  # counter | appraisal
    items = models.JSONField()  # [{"name", "reason"}]
    reason = models.TextField()
    legal_ground = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(  # empty where another system asked, before the dossier came here
        "accounts.StaffPost", models.PROTECT, null=True, related_name="+"
    )
    answer_by = models.DateTimeField(null=True)  # until when the answer is waited for
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(answered_at__isnull=True), name="one_open_supplement"
            ),
            # Whoever asks may ask only once (Decree 118/2025, duty of one-stop staff) unless a ground is named.
            models.UniqueConstraint(
                fields=["dossier", "stage"],
                condition=models.Q(legal_ground=""),
                name="supplement_once_per_stage",
            ),
        ]
