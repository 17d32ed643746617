"""How sure we are that an account belongs to the person it names."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.accounts import Account


class Level(models.IntegerChoices):
    """How an account's holder was identified. Decree 69/2024/NĐ-CP knows levels 1 and 2 of electronic identities."""

    DECLARED = 0, _("Tự khai, chưa xác thực")
    CONTACT = 1, _("Xác thực mức độ 1")
    IDENTITY = 2, _("Xác thực mức độ 2 (như xuất trình căn cước)")


class Identity(models.Model):
    """One proof that an account belongs to its person: by whom, at what level, when and how.

    `issuer` is the address of an OpenID provider, or one of the ways below; `subject` is the issuer's own name for
    the person. A pair is held by one account at a time.
    """

    class Method(models.TextChoices):
        OPENID = "openid", _("Đăng nhập bằng định danh điện tử")
        CONTACT_CODE = "contact_code", _("Mã gửi đến liên hệ mà quầy đã xác nhận")
        CARD = "card", _("Xuất trình căn cước tại quầy")
        DEMONSTRATION = "demonstration", _("Dữ liệu trình diễn")

    account = models.ForeignKey(Account, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    method = models.CharField(max_length=16, choices=Method.choices)
    proven_at = models.DateTimeField()
    proven_by = models.CharField(max_length=200, blank=True)  # the member of staff who saw the card
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-proven_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=models.Q(ended_at__isnull=True), name="identity_held_once"
            ),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="identity_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} ({self.level})"


class OneTimeCode(models.Model):
    """A code sent to a person, of which only a keyed hash is kept; void after its time, its use or five wrong tries."""

    class Purpose(models.TextChoices):
        PROVE = "prove", _("Xác thực tài khoản")
        RESET = "reset", _("Đặt lại mật khẩu")

    account = models.ForeignKey(Account, models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "purpose"], condition=models.Q(used_at__isnull=True), name="one_open_code"
            )
        ]
