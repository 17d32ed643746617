"""What may be asked for. An edition is immutable; its rows are read from its `facts`, the canonical document."""

from typing import Any
from zlib import crc32

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.second_person import second_person_constraint


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


# Statuses of an edition on its way to publication, one at a time for a procedure; and the ways between all statuses.
UNDER_WAY = ["draft", "reviewed", "approved", "announced"]
LIFE = [
    ("draft", "reviewed"),
    ("reviewed", "approved"),
    ("approved", "announced"),
    ("announced", "upcoming"),
    ("announced", "published"),
    ("upcoming", "published"),
    ("published", "superseded"),
    ("published", "suspended"),
    ("suspended", "published"),
    ("suspended", "superseded"),
    ("published", "abolished"),
    ("suspended", "abolished"),
    ("reviewed", "draft"),
    ("approved", "draft"),
    ("announced", "draft"),
    ("draft", "withdrawn"),
    ("reviewed", "withdrawn"),
    ("approved", "withdrawn"),
]


class Edition(models.Model):
    class Origin(models.TextChoices):
        BUNDLED = "carried", _("Danh mục kèm sản phẩm")
        IMPORT = "import", _("Nhập từ Cổng quốc gia")
        CONTROLLER = "controller", _("Kiểm soát viên")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Dự thảo")
        REVIEWED = "reviewed", _("Đã soát")
        APPROVED = "approved", _("Đã duyệt")
        ANNOUNCED = "announced", _("Đã có quyết định công bố")
        UPCOMING = "upcoming", _("Đã công khai, chờ hiệu lực")
        PUBLISHED = "published", _("Đang áp dụng")
        SUSPENDED = "suspended", _("Tạm ngừng")
        SUPERSEDED = "superseded", _("Đã thay thế")
        ABOLISHED = "abolished", _("Đã bãi bỏ")
        WITHDRAWN = "withdrawn", _("Đã rút")

    class OnlineLevel(models.TextChoices):
        FULL = "full", _("Toàn trình")
        PARTIAL = "partial", _("Một phần")
        NONE = "none", _("Không trực tuyến")

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # of a draft: what it changes
    title = models.CharField(max_length=1000)
    title_en = models.CharField(max_length=1000, blank=True)
    field = models.ForeignKey(Field, models.PROTECT, related_name="editions")
    ministry = models.CharField(max_length=200, blank=True)
    levels = ArrayField(models.CharField(max_length=10))  # province, commune, ministry
    applicants = ArrayField(models.CharField(max_length=30))
    online_level = models.CharField(max_length=8, choices=OnlineLevel.choices, default=OnlineLevel.NONE)
    facts = models.JSONField()  # the whole, in the bundled catalogue's format (procedures/catalogue)
    facts_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)  # publicised; a draft has none
    ended_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)
    # Of an edition that went the way from a draft (procedures.editions.lifecycle); others were published as they came.
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    editors = ArrayField(models.BigIntegerField(), default=list)  # accounts that drafted, changed or reviewed it
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision_number = models.CharField(max_length=100, blank=True)
    decision_date = models.DateField(null=True)
    effective_from = models.DateField(null=True)
    publish_by = models.DateTimeField(null=True)
    route_by = models.DateTimeField(null=True)
    route_ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="published"), name="one_published_edition"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status__in=UNDER_WAY), name="one_edition_under_way"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="upcoming"), name="one_upcoming_edition"
            ),
            second_person_constraint(
                "edition_four_eyes",
                decider="approved_by",
                undecided=models.Q(status__in=["draft", "reviewed", "withdrawn"], approved_by__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(drafted_by__isnull=True)
                | models.Q(status__in=["draft", "reviewed", "withdrawn"])
                | models.Q(approved_by__isnull=False),
                name="drafted_edition_is_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["announced", "upcoming"])
                | (models.Q(decision_date__isnull=False) & ~models.Q(decision_number="")),
                name="announced_by_a_decision",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="edition_by_status")]
        triggers = [
            pgtrigger.Protect(
                name="immutable",
                operation=pgtrigger.UpdateOf("procedure_id", "number", "title", "facts", "facts_sha256"),
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="life", field="status", transitions=LIFE),
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


# The kind of a line that says that nothing is paid; it may wait for confirmation as any fact.
FREE = "free"


class FeeLine(models.Model):
    """One line of the fee table of a channel and case; `amount` in đồng, null while in doubt."""

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
    partly_replaced_by = models.CharField(max_length=300, blank=True)  # database that says a part of what it says
    secret = models.BooleanField(default=False)  # a secret paper is never copied to electronic form
    verification = models.BooleanField(default=False)  # an agency's reply, which no applicant brings
    from_store = models.BooleanField(default=False)  # may be taken from the applicant's document store
    template = models.CharField(max_length=300, blank=True)  # name in storage of the form to fill in
    state = models.CharField(max_length=16, choices=FactState.choices)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="document_key_once")]


class Doubt(models.Model):
    """Something the source leaves unclear. Never guessed away: a controller decides, which makes a new edition."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="doubts")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=40)  # procedures.review.queries.KINDS
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


class Competence(models.Model):
    """Who settles: the most specific row wins (procedure before field, then case, then place)."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, related_name="competences")
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="competences")
    level = models.CharField(max_length=10)
    case = models.SlugField(blank=True)  # empty: in every case
    territory_code = models.CharField(max_length=5, blank=True)  # agencies.Territory.code; empty: everywhere
    agency_key = models.SlugField()  # agencies.Agency.key
    state = models.CharField(max_length=16, choices=FactState.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "field", "level", "case", "territory_code"],
                nulls_distinct=False,
                name="competence_once",
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
