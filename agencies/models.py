"""Who serves: territories, agencies, one-stop-shop desks and working calendars, each with a period of
validity."""

import uuid
from datetime import date

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.querysets import ValidityQuerySet
from vietnam.working_time.explain import document_in_english


class Named(models.Model):
    """Has its official Vietnamese name in `name` and, where known, an English one in `name_en`."""

    class Meta:
        abstract = True

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Territory(Named):
    class Kind(models.TextChoices):
        PROVINCE = "province", _("Tỉnh")
        WARD = "ward", _("Phường")
        COMMUNE = "commune", _("Xã")

    code = models.CharField(max_length=5)  # Decision 19/2025/QĐ-TTg: province 2 digits, commune 5
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)  # with its kind: "Phường Kinh Bắc"
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    search_key = models.CharField(max_length=200, db_index=True)
    # Compared byte by byte (vietnam.text.sort_key), so whatever the server's locale.
    sort_key = models.CharField(max_length=400, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="territory_code_per_period")]

    def __str__(self) -> str:
        return self.name


class WorkCalendar(Named):
    """Office hours and exceptional days, written by `agencies.calendars` only.

    `version` grows with every change, so that a due date can name it. `revision` is new with every change
    and never comes back, not even after a rollback, so that a compiled calendar can be kept under it.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    # Days of the base (the State's calendar) hold here too unless this calendar has its own record of the
    # date; office hours are the base's unless this calendar has any.
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    version = models.PositiveIntegerField(default=1)
    revision = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return self.name


class OfficeHours(models.Model):
    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0 Monday … 6 Sunday
    opens = models.TimeField()
    closes = models.TimeField()
    season_from = models.CharField(max_length=5, blank=True)  # "MM-DD", empty for the whole year
    season_to = models.CharField(max_length=5, blank=True)
    # Saturday reception takes dossiers, but is not a working day for deadlines.
    counts = models.BooleanField(default=True)
    # Changed hours hold from a day on, and those before until the day before: days that passed keep theirs.
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="office_hours_forward"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="office_hours_weekday"),
        ]


class CalendarDay(Named):
    class Kind(models.TextChoices):
        OFF = "off", _("Nghỉ")
        WORK = "work", _("Làm bù")

    class Status(models.TextChoices):
        VERIFIED = "verified", _("đã xác minh")
        MEMORY = "memory", _("chờ xác minh")
        COMPUTED = "computed", _("tự tính, chưa có thông báo")

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    document = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")]

    @property
    def local_document(self) -> str:
        """The document that decided the day, in the reader's language."""
        return document_in_english(self.document) if get_language() == "en" else self.document


class Agency(Named):
    class Kind(models.TextChoices):
        PROVINCIAL_PC = "provincial_pc", _("Ủy ban nhân dân tỉnh")
        DEPARTMENT = "department", _("Sở, ban, ngành")
        VERTICAL = "vertical", _("Cơ quan ngành dọc")
        PROVINCIAL_CENTRE = "provincial_centre", _("Trung tâm Phục vụ hành chính công tỉnh")
        COMMUNE_PC = "commune_pc", _("Ủy ban nhân dân cấp xã")
        COMMUNE_CENTRE = "commune_centre", _("Trung tâm Phục vụ hành chính công cấp xã")

    # The role in the settlement table: "justice", "commune_pc"; with the territory it names one agency at a
    # time.
    key = models.SlugField()
    # Identification code (Decision 20/2020/QĐ-TTg); departments' codes are not confirmed, hence a setting
    # of the data.
    code = models.CharField(max_length=35)
    code_confirmed = models.BooleanField(default=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=80, blank=True)
    territory = models.ForeignKey(Territory, models.PROTECT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="units")
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    search_key = models.CharField(max_length=300, db_index=True)
    sort_key = models.CharField(max_length=600, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    # Whether another one's work or fields ever came to it: only then is it asked what came.
    took_over = models.BooleanField(default=False)

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "territory"],
                condition=models.Q(valid_to__isnull=True),
                name="agency_key_per_territory",
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="agency_code_per_period"),
        ]

    def __str__(self) -> str:
        return self.name

    def doing_the_work(self, *, on: date) -> "Agency | None":
        """The agency itself, or whoever took its work over by a day; None where that has ended without a successor."""
        here: Agency | None = self
        seen: set[int] = set()
        while here is not None and here.pk not in seen and here.valid_to is not None and here.valid_to < on:
            seen.add(here.pk)
            here = here.successor
        return None if here is None or here.pk in seen else here

    @property
    def of_commune(self) -> bool:
        """Whether it serves one commune, whatever its kind: a committee, a centre, the commune's police."""
        return self.territory.kind != Territory.Kind.PROVINCE


class Desk(Named):
    """A counter place where people hand in and collect: a centre or one of its reception points."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="desks")
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300)
    territory = models.ForeignKey(Territory, models.PROTECT)
    # Hours of the desk where they differ from its agency's.
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, null=True, blank=True)
    is_reception_point = models.BooleanField(default=False)
    open = models.BooleanField(default=True)

    class Meta:
        ordering = ["agency_id", "number"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="desk_number_per_agency")]

    def __str__(self) -> str:
        return self.name
