"""What may be asked for. An edition is immutable; its rows are read from its `facts`, the canonical document."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    ONLINE = "online", _("Trực tuyến")
    COUNTER = "counter", _("Trực tiếp")
    POST = "post", _("Bưu chính")


class FactState(models.TextChoices):
    CONFIRMED = "confirmed", _("Đã xác nhận")
    TO_BE_CONFIRMED = "to_be_confirmed", _("Chờ xác nhận")


class Field(models.Model):
    """A field of administration (lĩnh vực)."""

    key = models.SlugField(unique=True, max_length=120)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    search_key = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=600)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("Tiếp nhận tại tỉnh")
        REFERRED = "referred", _("Nộp tại bộ, ngành")
        INTERNAL = "internal", _("Thủ tục nội bộ")

    code = models.CharField(max_length=20, unique=True)  # national code, e.g. 1.001193
    kind = models.CharField(max_length=10, choices=Kind.choices)
    current = models.OneToOneField("Edition", models.PROTECT, null=True, related_name="+")
    # Folded words of title, synonyms, field and code, written with the current edition.
    search_text = models.TextField(blank=True)
    search_vector = SearchVectorField(null=True)
    popularity = models.IntegerField(default=0)  # breaks ties in search; recounted from dossiers

    class Meta:
        indexes = [GinIndex(fields=["search_vector"])]

    def __str__(self) -> str:
        return self.code

    @property
    def in_force(self) -> "Edition":
        """The published edition, of a procedure that is known to have one."""
        assert self.current is not None
        return self.current


class Edition(models.Model):
    class Origin(models.TextChoices):
        CARRIED = "carried", _("Danh mục kèm sản phẩm")
        IMPORT = "import", _("Nhập từ Cổng quốc gia")
        CONTROLLER = "controller", _("Kiểm soát viên")

    class Status(models.TextChoices):
        PUBLISHED = "published", _("Đang áp dụng")
        SUPERSEDED = "superseded", _("Đã thay thế")
        ABOLISHED = "abolished", _("Đã bãi bỏ")

    class OnlineLevel(models.TextChoices):
        FULL = "full", _("Toàn trình")
        PARTIAL = "partial", _("Một phần")
        NONE = "none", _("Không trực tuyến")

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    title = models.CharField(max_length=1000)
    title_en = models.CharField(max_length=1000, blank=True)
    field = models.ForeignKey(Field, models.PROTECT, related_name="editions")
    ministry = models.CharField(max_length=200, blank=True)
    levels = ArrayField(models.CharField(max_length=10))  # province, commune, ministry
    applicants = ArrayField(models.CharField(max_length=30))
    online_level = models.CharField(max_length=8, choices=OnlineLevel.choices, default=OnlineLevel.NONE)
    facts = models.JSONField()  # the whole, in the carried catalogue's format (procedures/catalogue)
    facts_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="published"), name="one_published_edition"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="immutable",
                operation=pgtrigger.UpdateOf("procedure_id", "number", "title", "facts", "facts_sha256")
                | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """The time limit of one channel and case."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="terms")
    case = models.SlugField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    unit = models.CharField(max_length=14, blank=True)  # vietnam.working_time.Unit
    after_15h_next_day = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=FactState.choices)
    note = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "case", "channel"], name="term_once")]


class FeeLine(models.Model):
    """One line of the fee table of a channel and case; `amount` in đồng, null while in doubt."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="fee_lines")
    position = models.PositiveSmallIntegerField()
    case = models.SlugField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=8)  # levy (lệ phí), charge (phí), price (giá dịch vụ)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    amount = models.BigIntegerField(null=True)  # for one of `per`
    per = models.CharField(max_length=10, default="dossier")
    exempt = models.TextField(blank=True)  # who does not pay
    exempt_en = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=16, choices=FactState.choices)
    raw = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "channel", "position"], name="fee_line_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0) | models.Q(amount__isnull=True), name="fee_not_negative"
            ),
        ]


class RequiredDocument(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    case = models.SlugField(blank=True)  # empty: asked in every case
    name = models.TextField()
    name_en = models.TextField(blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    show_only = models.BooleanField(default=False)
    when = models.TextField(blank=True)
    when_en = models.TextField(blank=True)
    form = models.CharField(max_length=300, blank=True)
    issued_as = models.CharField(max_length=20, blank=True)  # result code of the earlier procedure
    replaced_by = models.CharField(max_length=300, blank=True)  # database whose data replaces the paper
    state = models.CharField(max_length=16, choices=FactState.choices)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="document_key_once")]


class Doubt(models.Model):
    """Something the source leaves unclear. Never guessed away: a controller decides, which makes a new edition."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="doubts")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=40)  # procedures.doubts.KINDS
    path = models.CharField(max_length=120)  # where in the facts, e.g. "terms/online"
    raw = models.TextField(blank=True)
    proposal = models.JSONField(null=True)
    decision = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["procedure_id", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "path"], name="doubt_once")]
        indexes = [models.Index(fields=["kind", "id"], name="doubt_open", condition=models.Q(decided_at__isnull=True))]


class ImportRun(models.Model):
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    report = models.CharField(max_length=300, blank=True)  # name in storage
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=200, blank=True)


class Route(models.Model):
    """An internal route. Without an edition it is the standard route of a level."""

    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="routes")
    level = models.CharField(max_length=10, blank=True)
    case = models.SlugField(blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "level", "case"], nulls_distinct=False, name="one_route_per_case"
            )
        ]


class RouteStep(models.Model):
    route = models.ForeignKey(Route, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField()  # receive assign verify submit approve issue return
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=14)  # accounts.StaffPost.Role
    # Working days of the step, or its share of the procedure's limit where the route is a standard one.
    days = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["route", "position"], name="route_step_position"),
            models.CheckConstraint(
                condition=models.Q(days__isnull=False) | models.Q(share__isnull=False), name="route_step_limit"
            ),
        ]


class Competence(models.Model):
    """Who settles: the most specific row wins (procedure before field before level). Reviewable as one table."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, related_name="competences")
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="competences")
    level = models.CharField(max_length=10)
    agency_key = models.SlugField()  # agencies.Agency.key
    state = models.CharField(max_length=16, choices=FactState.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "field", "level"], nulls_distinct=False, name="competence_once"
            )
        ]


class LifeEvent(models.Model):
    key = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    hint_en = models.CharField(max_length=300, blank=True)
    icon = models.SlugField(blank=True)
    version = models.PositiveIntegerField(default=1)
    procedures = models.ManyToManyField(Procedure, related_name="life_events")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
