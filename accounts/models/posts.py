"""The posts of staff: who acts at which agency, in which role, for how long."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.accounts import Account
from agencies.titles import COMMON


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
    title = models.CharField(max_length=120, blank=True)  # as appointed; papers are signed by it
    unit = models.CharField(max_length=120, blank=True)  # of the agency, as reports count by it; the same word for all
    phone = models.CharField(max_length=20, blank=True)  # where applicants ring; printed on what asks them for more
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)
    delegated_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="delegations")

    class Meta:
        ordering = ["agency_id", "role", "id"]
        indexes = [models.Index(fields=["agency", "role"])]
        constraints = [
            # One that ends the day before it begins never holds: it was taken back on its first day, or before.
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from") - timedelta(days=1)),
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

    @property
    def local_title(self) -> str:
        """The title, or the role where there is none; a common title in the reader's language."""
        title = gettext(self.title) if self.title in COMMON else self.title
        return title or self.get_role_display()

    def __str__(self) -> str:
        return f"{self.account.full_name} · {self.get_role_display()}"
