"""What people write about a dossier: messages, complaints and suggestions, and the rating."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier


class DossierMessage(models.Model):
    """One message between the applicant and the officer. A question may name the day its answer is wanted by."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages")
    from_applicant = models.BooleanField()
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=200)  # name and title as they were
    text = models.TextField()
    files = models.ManyToManyField("digitization.StoredFile", related_name="+")
    sent_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")
    answered_at = models.DateTimeField(null=True)
    noticed_soon_at = models.DateTimeField(null=True)
    noticed_overdue_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, unique=True, null=True)  # sending twice makes one message

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["answer_by"],
                name="message_unanswered",
                condition=models.Q(answer_by__isnull=False, answered_at__isnull=True),
            )
        ]


class Feedback(models.Model):
    """A complaint or suggestion about a dossier or a desk, answered within ten working days."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Phản ánh")
        SUGGESTION = "suggestion", _("Kiến nghị, góp ý")

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="feedback")
    desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")  # which answers
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="feedback")
    author = models.CharField(max_length=200)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    files = models.ManyToManyField("digitization.StoredFile", related_name="+")
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assigned = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    noticed_soon_at = models.DateTimeField(null=True)
    noticed_overdue_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, unique=True, null=True)  # sending twice makes one

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dossier__isnull=False) | models.Q(desk__isnull=False),
                name="feedback_about_something",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | ~models.Q(answer=""), name="feedback_answer_has_text"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at"], name="feedback_open", condition=models.Q(answered_at__isnull=True)
            )
        ]


class Rating(models.Model):
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="rating_stars")]
