"""Who looked at a person's data, when and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Person
from accounts.models.posts import StaffPost
from journal.kept import Kept, Sealed


class Look(models.Model):
    """Somebody other than the person saw their data. One row for a person, viewer, record and purpose a day."""

    class Purpose(models.TextChoices):
        RECEPTION = "reception", _("tiếp nhận, trả kết quả")
        PROCESSING = "processing", _("giải quyết hồ sơ")
        SUPERVISION = "supervision", _("kiểm tra, giám sát")
        COMPLAINT = "complaint", _("giải quyết phản ánh, kiến nghị")
        IDENTITY = "identity", _("xác thực, đính chính thông tin cá nhân")
        EXPORT = "export", _("lập danh sách, sổ theo dõi")
        SYSTEM = "system", _("hệ thống kết nối đọc dữ liệu")

    person = models.ForeignKey(Person, models.PROTECT, related_name="looks")
    by = models.CharField(max_length=200)  # as histories name who acts
    post = models.ForeignKey(StaffPost, models.PROTECT, null=True, related_name="+")  # null: a connected system
    record = models.CharField(max_length=120)  # opaque reference, "dossier:<uuid>"
    about = models.CharField(max_length=60)  # what the person knows it by: the dossier's code
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    reason = models.CharField(max_length=500, blank=True)  # what a supervisor gave
    day = models.DateField()
    at = models.DateTimeField()

    kept = Kept()
    sealed = Sealed("looks", {1: ("person_id", "by", "post_id", "record", "about", "purpose", "reason", "day", "at")})

    @property
    def local_about(self) -> str:
        """In the reader's language where it is a word of ours; a code or what somebody typed as it stands."""
        return gettext(self.about) if self.about else ""

    @property
    def local_reason(self) -> str:
        return gettext(self.reason) if self.reason else ""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "by", "record", "purpose", "reason", "day"], name="look_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="supervision") | ~Q(reason=""), name="supervision_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="looks_at_person")]
