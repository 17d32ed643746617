"""Where an account is signed in."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.accounts import Account
from accounts.models.identity import Identity

# The first sign that fits decides: browsers name those whom they resemble too.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class AccountSession(models.Model):
    """One browser in which an account is signed in, beside Django's session of the same key."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("Mật khẩu")  # noqa: S105 - a kind
        OPENID = "openid", _("Định danh điện tử")
        PASSKEY = "passkey", _("Khóa truy cập")  # noqa: S105 - a kind

    account = models.ForeignKey(Account, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)  # the browser's own words
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.PASSWORD)
    identity = models.ForeignKey(Identity, models.CASCADE, null=True, related_name="sessions")
    provider_sid = models.CharField(max_length=255, blank=True)  # the provider's name for this sign-in

    class Meta:
        ordering = ["-last_seen_at"]
        indexes = [
            models.Index(fields=["provider_sid"], name="session_of_provider", condition=~models.Q(provider_sid=""))
        ]

    @property
    def device_words(self) -> str:
        """Browser and system as people name them, out of the browser's own words."""
        found = [next((name for sign, name in signs if sign in self.device), "") for signs in (_BROWSERS, _SYSTEMS)]
        return " · ".join(filter(None, found)) or self.device[:60]
