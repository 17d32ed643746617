"""Who acts: accounts, people, enterprises and staff posts."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vietnam.text import fold


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)

    def create_account(self, username: str, password: str | None, **facts: object) -> "Account":
        account = self.model(username=username.strip().lower(), **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. `username` is a personal number or a staff name, in lower case."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="vi", choices=[("vi", "Tiếng Việt"), ("en", "English")])
    is_active = models.BooleanField(default=True)
    # Given by an administrator: its holder chooses another one before anything else.
    password_is_initial = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    search_key = models.CharField(max_length=320, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    class Meta:
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="account_words")]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="account_email_once")
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, **options: Any) -> None:
        self.fill_search_key()
        super().save(*args, **options)

    def fill_search_key(self) -> None:
        """Found by name and by sign-in name, in whole or by its parts between the dots."""
        self.search_key = f"{fold(self.full_name)} {self.username} {fold(self.username)}"


class Person(models.Model):
    class Sex(models.TextChoices):
        MALE = "male", _("Nam")
        FEMALE = "female", _("Nữ")

    personal_number = models.CharField(max_length=12, unique=True, null=True)
    full_name = models.CharField(max_length=150)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    territory = models.ForeignKey("agencies.Territory", models.PROTECT, null=True, blank=True)
    account = models.OneToOneField(Account, models.PROTECT, null=True, related_name="person")
    search_key = models.CharField(max_length=300, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal_number__isnull=True) | models.Q(personal_number__regex=r"^(\d{9}|\d{12})$"),
                name="personal_number_digits",
            )
        ]
        indexes = [GinIndex(SearchVector("search_key", config="simple"), name="person_words")]

    def __str__(self) -> str:
        return self.full_name


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


class StaffPost(models.Model):
    """A person of the staff at an agency in a role, for a time. The post acts, not the account."""

    class Role(models.TextChoices):
        COUNTER = "counter", _("Cán bộ một cửa")
        OFFICER = "officer", _("Chuyên viên thụ lý")
        UNIT_HEAD = "unit_head", _("Trưởng phòng chuyên môn")
        LEADER = "leader", _("Lãnh đạo cơ quan")
        CLERK = "clerk", _("Văn thư")
        SUPERVISOR = "supervisor", _("Giám sát, kiểm soát thủ tục")
        CONTROLLER = "controller", _("Quản lý danh mục thủ tục")
        ADMINISTRATOR = "administrator", _("Quản trị hệ thống")

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="posts")
    desk = models.ForeignKey("agencies.Desk", models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=14, choices=Role.choices)
    title = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)
    delegated_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="delegations")

    class Meta:
        ordering = ["agency_id", "role", "id"]
        indexes = [models.Index(fields=["agency", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="post_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(delegated_by__isnull=True) | models.Q(valid_to__isnull=False),
                name="delegation_ends",
            ),
            models.UniqueConstraint(
                fields=["account", "agency", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="post_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account.full_name} · {self.get_role_display()}"
