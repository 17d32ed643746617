"""Where the paper is: the folder of a dossier, its moves, and the records by which it changes hands."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from journal.kept import Kept


class Place(models.TextChoices):
    DESK = "desk", _("Quầy một cửa")
    COURIER = "courier", _("Đang luân chuyển")
    DEPARTMENT = "department", _("Cơ quan giải quyết")
    ARCHIVE = "archive", _("Kho lưu trữ")
    APPLICANT = "applicant", _("Đã trả người nộp")


class Folder(models.Model):
    """A paper folder of a dossier: at any moment it has one place and one holder.

    What the applicant handed in goes to the competent agency and stays in its archive; the result goes back to the
    desk and to the applicant. They are two folders.
    """

    class Kind(models.TextChoices):
        PAPERS = "papers", _("Giấy tờ của hồ sơ")
        RESULT = "result", _("Kết quả bản giấy")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="folders", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.PAPERS)
    place = models.CharField(max_length=10, choices=Place.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+", db_index=False)
    holder = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+", db_index=False)
    shelf = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)  # of the post, while it carries the folder
    since = models.DateTimeField()
    sheets = models.PositiveIntegerField(null=True)  # counted at receipt
    # Received for another agency: the paper follows within one working day.
    wanted_at = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    wanted_by = models.DateTimeField(null=True)
    wanted_since = models.DateTimeField(null=True)  # it is counted from here

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "kind"], name="folder_once_per_kind"),
            models.CheckConstraint(
                condition=models.Q(place=Place.ARCHIVE, shelf__gt="")
                | ~models.Q(place=Place.ARCHIVE) & models.Q(shelf=""),
                name="folder_in_archive_has_shelf",
            ),
            models.CheckConstraint(
                condition=models.Q(wanted_at__isnull=True, wanted_by__isnull=True)
                | models.Q(wanted_at__isnull=False, wanted_by__isnull=False),
                name="folder_wanted_somewhere_by_then",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "place", "since"]),
            models.Index(fields=["wanted_by"], name="folder_wanted", condition=models.Q(wanted_by__isnull=False)),
            models.Index(
                fields=["agency", "wanted_at"], name="folder_to_send", condition=models.Q(wanted_at__isnull=False)
            ),
            models.Index(fields=["wanted_at"], name="folder_to_come", condition=models.Q(wanted_at__isnull=False)),
        ]


class FolderMove(models.Model):
    """One move of a folder, as somebody scanned or confirmed it."""

    class How(models.TextChoices):
        RECEIVED = "received", _("Lập khi tiếp nhận")
        ISSUED = "issued", _("Lập khi có kết quả")
        SCANNED = "scanned", _("Quét mã")
        HAND_OVER = "hand_over", _("Biên bản bàn giao")
        POSTED = "posted", _("Gửi bưu chính")
        RETURNED = "returned", _("Trả người nộp")
        MERGED = "merged", _("Cơ quan tiếp quản")

    folder = models.ForeignKey(Folder, models.PROTECT, related_name="moves")
    place = models.CharField(max_length=10, choices=Place.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+", db_index=False)
    holder = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+", db_index=False)
    shelf = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    how = models.CharField(max_length=10, choices=How.choices)
    note = models.CharField(max_length=300, blank=True)
    hand_over = models.ForeignKey("HandOver", models.PROTECT, null=True, related_name="+", db_index=False)

    kept = Kept()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["hand_over"], name="moved_by_record", condition=models.Q(hand_over__isnull=False))
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class HandOver(models.Model):
    """A hand-over record between agencies or shifts, which both sides confirm."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Giữa hai cơ quan")
        SHIFT = "shift", _("Giữa hai ca")

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    from_desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, related_name="+")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    # The people of both posts; the database writes them, whoever writes the row.
    given_account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", editable=False)
    taken_account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", editable=False)
    paper_code = models.CharField(max_length=24, blank=True)  # the issued record, once both confirmed
    key = models.CharField(max_length=80, unique=True, null=True)  # making it twice makes one

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(given_at__isnull=False),
                name="hand_over_given_before_taken",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_account__isnull=True)
                | models.Q(given_account__isnull=True)
                | ~models.Q(taken_account=models.F("given_account")),
                name="hand_over_two_people",
            ),
        ]
        indexes = [models.Index(fields=["to_agency", "-id"]), models.Index(fields=["from_agency", "-id"])]
        triggers = [
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__taken_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="names_the_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.given_account_id := (SELECT account_id FROM accounts_staffpost WHERE id = NEW.given_by_id);
                    NEW.taken_account_id := (SELECT account_id FROM accounts_staffpost WHERE id = NEW.taken_by_id);
                    RETURN NEW;
                """,
            ),
        ]


class HandOverItem(models.Model):
    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="items")
    folder = models.ForeignKey(Folder, models.PROTECT, related_name="hand_overs")
    sheets = models.PositiveIntegerField(null=True)
    found_at = models.DateTimeField(null=True)  # the taker has seen it in the parcel
    missing = models.BooleanField(default=False)  # the taker did not find it there
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "folder"], name="folder_once_per_record"),
            models.CheckConstraint(
                condition=models.Q(missing=False) | models.Q(found_at__isnull=True), name="found_or_missing"
            ),
        ]
        indexes = [models.Index(fields=["folder"], name="folder_missed", condition=models.Q(missing=True))]
