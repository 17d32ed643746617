"""Paper into data. Owners are opaque references; an original is content-addressed and never altered."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from digitization.result_imports import ImportedResult as ImportedResult
from digitization.result_imports import ResultImport as ResultImport
from vietnam.text import fold


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def present(self) -> "StoredFileQuerySet":
        """Those not taken back."""
        return self.filter(removed_at__isnull=True)

    def with_words(self, text: str) -> "StoredFileQuerySet":
        """Those whose recognised text has every word of `text`, with or without accents."""
        words = SearchQuery(fold(text), config="simple", search_type="plain")
        return self.alias(words=SearchVector("scan__text_folded", config="simple")).filter(words=words)


class StoredFile(models.Model):
    """One uploaded file: the immutable original."""

    class Malware(models.TextChoices):
        UNKNOWN = "", _("chưa kiểm tra")
        WAITING = "waiting", _("đang chờ kiểm tra")
        CLEAN = "clean", _("không thấy mã độc")
        FOUND = "found", _("có mã độc")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=255)  # as the sender called it, cleaned
    media_type = models.CharField(max_length=100)  # judged by content, never by name
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    storage_name = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    uploaded_by = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)  # taken back by the sender before it was used
    erased_at = models.DateTimeField(null=True)  # content deleted, a while after it was taken back
    # The file whose pages this one has in another order, turned, left out or replaced; it stays as it came.
    version_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    # The document of the register whose content this is, when nobody had to hand it in once more.
    reused_from = models.ForeignKey("RegisteredDocument", models.PROTECT, null=True, related_name="reuses")
    # What the scanner said of the content (digitization.malware); the name of what it found, or why it waits.
    malware = models.CharField(max_length=8, choices=Malware.choices, blank=True, default=Malware.UNKNOWN)
    malware_name = models.CharField(max_length=200, blank=True)
    malware_checked_at = models.DateTimeField(null=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "id"]
        indexes = [
            models.Index(
                fields=["removed_at"],
                name="file_to_erase",
                condition=models.Q(removed_at__isnull=False, erased_at__isnull=True),
            ),
            models.Index(fields=["malware"], name="file_not_clean", condition=~models.Q(malware="clean")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="original_unaltered",
                operation=pgtrigger.UpdateOf("media_type", "size", "sha256", "storage_name"),
            )
        ]


class Scan(models.Model):
    """The making of a file's derivatives: searchable PDF/A, text, thumbnails. One row a file."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang nhận dạng")
        READY = "ready", _("Đã nhận dạng")
        PARKED = "parked", _("Không đọc được")
        SKIPPED = "skipped", _("Dùng tệp gốc, không nhận dạng")

    file = models.OneToOneField(StoredFile, models.CASCADE, primary_key=True, related_name="scan")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=20, blank=True)  # "checking" "recognising" "thumbnails" "storing"
    pages = models.PositiveIntegerField(default=0)
    pages_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    later = models.BooleanField(default=False)  # nobody waits for it: read behind everything else
    heartbeat_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True)  # code of why it was parked
    text = models.TextField(blank=True)
    text_folded = models.TextField(blank=True)
    # What the original is: reading.original.OriginalFacts (PDF/A claimed and validated, signatures, form values).
    facts = models.JSONField(default=dict, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GinIndex(SearchVector("text_folded", config="simple"), name="scan_words"),
            models.Index(
                fields=["state", "heartbeat_at"],
                name="scan_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]


class ScanPage(models.Model):
    """What was found on one page; kept as soon as the page is read, so that a cut-off scan goes on behind it."""

    class Source(models.TextChoices):
        OWN = "own", _("Chữ có sẵn trong tệp")
        CONVERTED = "converted", _("Chữ có sẵn, chuyển từ mã TCVN3 hoặc VNI")
        READ = "read", _("Nhận dạng từ ảnh")
        MIXED = "mixed", _("Chữ có sẵn và nhận dạng")
        BLANK = "blank", _("Trang trắng")

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="page_findings")
    number = models.PositiveIntegerField()  # from 1
    source = models.CharField(max_length=9, choices=Source.choices)
    confidence = models.FloatField()  # mean of the recognised words, 0 to 1
    quality = models.CharField(max_length=10)  # vietnam.syllables.TextQuality.verdict
    text = models.TextField(blank=True)
    barcodes = models.JSONField(default=list)  # [{"kind": "QRCode", "text": …}]
    # reading.findings.PageFindings; gone once the scan is finished, of a stack once its papers are placed.
    packed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="scan_page_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="scan_page_number_from_1"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="scan_page_confidence_is_a_share"
            ),
        ]
        indexes = [GinIndex(fields=["barcodes"], name="scan_page_barcodes")]


class Derivative(models.Model):
    class Kind(models.TextChoices):
        PDFA = "pdfa", "PDF/A"
        PDF = "pdf", "PDF"  # searchable, but something in it (a font left out) keeps it from being PDF/A
        THUMBNAIL = "thumbnail", _("Ảnh nhỏ")
        SIGNED = "signed", _("Bản điện tử đã ký số")

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="derivatives")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    page = models.PositiveIntegerField(default=0)  # 0: the whole file
    storage_name = models.CharField(max_length=300)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "kind", "page"], name="derivative_once")]


class IncomingUpload(models.Model):
    """A resumable upload (tus 1.0) that has not arrived whole; its parts lie in the storage until it has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    owner = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200, blank=True)  # what the page wants it for; opaque here
    # None: a connected system's, which its `owner` names.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    file = models.OneToOneField(StoredFile, models.CASCADE, null=True, related_name="+")  # once arrived

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__gte=0, received__lte=models.F("size")), name="upload_received_within_size"
            )
        ]


class ScanBatch(models.Model):
    """A stack of papers scanned as one file at a desk."""

    file = models.OneToOneField(StoredFile, models.CASCADE, primary_key=True, related_name="batch")
    desk = models.ForeignKey("agencies.Desk", models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")  # for whom it is filed
    begun_at = models.DateTimeField(default=timezone.now)
    split_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "-begun_at"], name="scan_batch_of_desk")]

    @property
    def actor(self) -> Actor:
        """Whoever scanned it: what its codes file is filed in their place, with their rights."""
        return Actor(account=self.post.account, post=self.post, posts=(self.post,), channel="scanner")


class BatchPart(models.Model):
    """Pages of a stack that are one paper."""

    class State(models.TextChoices):
        TRAY = "tray", _("Chờ xếp")
        PLACED = "placed", _("Đã xếp vào hồ sơ")
        DISCARDED = "discarded", _("Không dùng")

    batch = models.ForeignKey(ScanBatch, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()  # from 1
    pages = models.JSONField()  # numbers of its pages in the stack, in their order; none: the stack as it came
    owner = models.CharField(max_length=120, blank=True)  # as its sheet says, and where it was placed in the end
    key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.TRAY)
    reason = models.CharField(max_length=300, blank=True)  # why it could not be placed by its code
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True)
    placed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_part_once"),
            models.CheckConstraint(
                condition=models.Q(state="placed", file__isnull=False) | ~models.Q(state="placed"),
                name="placed_part_has_its_file",
            ),
        ]
        indexes = [models.Index(fields=["batch"], name="batch_part_in_tray", condition=models.Q(state="tray"))]


class ScannerToken(models.Model):
    """What a network scanner, or a program beside it, shows to drop stacks at a desk; only its hash is kept."""

    desk = models.ForeignKey("agencies.Desk", models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")  # in whose place it files
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["desk", "made_at"]


class RegisteredDocumentQuerySet(models.QuerySet["RegisteredDocument"]):
    def with_words(self, text: str) -> "RegisteredDocumentQuerySet":
        """Those whose name, number, issuer and holder have every word of `text`, with or without accents."""
        words = SearchQuery(fold(text), config="simple", search_type="plain")
        return self.alias(found_in=SearchVector("words", config="simple")).filter(found_in=words)


class RegisteredDocument(models.Model):
    """A digitised document of somebody: a result that was issued, or a paper that was accepted with a dossier.

    Holds the metadata that Circular 01/2023/TT-VPCP speaks of (their list is not confirmed). The code is made at
    random: it is printed and checked by anybody, so it must not hold the holder's number.
    """

    class Kind(models.TextChoices):
        RESULT = "result", _("Kết quả giải quyết")
        COMPONENT = "component", _("Giấy tờ của hồ sơ")

    class Way(models.TextChoices):
        SCANNED = "scanned", _("Quét từ bản giấy")
        SENT = "sent", _("Người nộp gửi bản điện tử")
        ELECTRONIC = "electronic", _("Lập và ký số trên hệ thống")

    class Standing(models.TextChoices):
        VALID = "valid", _("Còn hiệu lực")
        WITHDRAWN = "withdrawn", _("Đã thu hồi")

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    name = models.TextField()
    document_type = models.CharField(max_length=40, blank=True)  # code of the result, "KQ.G15.000031"
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True)
    holder_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    holder_enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, null=True, related_name="+")
    holder_name = models.CharField(max_length=250)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # the last day; none where nothing says when it ends
    scope = models.CharField(max_length=200, blank=True)  # where and for what it holds, when the paper says so
    way = models.CharField(max_length=10, choices=Way.choices)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.VALID)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="registered")
    source = models.CharField(max_length=120, db_index=True)  # reference of the record it came with
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")  # who digitised it
    digitised_by = models.CharField(max_length=200)
    digitised_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)  # `folded_words`, kept by who writes the columns they are of

    objects = RegisteredDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holder_person__isnull=True) | models.Q(holder_enterprise__isnull=True),
                name="registered_one_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(standing="valid", withdrawn_at__isnull=True)
                | models.Q(standing="withdrawn", withdrawn_at__isnull=False),
                name="registered_withdrawn_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="registered_ends_behind_its_begin",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="registered_of_agency"),
            models.Index(fields=["holder_person", "-id"], name="registered_of_person"),
            models.Index(fields=["holder_enterprise", "-id"], name="registered_of_body"),
            GinIndex(SearchVector("words", config="simple"), name="registered_words"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}".strip()

    @property
    def folded_words(self) -> str:
        """The words it is found by."""
        return fold(" ".join((self.name, self.number, self.issuer, self.holder_name)))
