"""Systems that may call us."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

ON_BEHALF = "posts:act"  # the scope to act in a post's place


class ConnectedSystem(models.Model):
    """A system with a token. Only the token's SHA-256 is kept.

    It acts as itself, within its scopes: `exchange.systems.SCOPES`. With the scope ``posts:act`` it acts in the place
    of its staff post, as long as that post and its holder's account hold.
    """

    name = models.CharField(max_length=120, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_default=Now() + timedelta(days=365))
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, scopes__contains=[ON_BEHALF])
                | models.Q(post__isnull=True) & ~models.Q(scopes__contains=[ON_BEHALF]),
                name="a_post_only_by_scope",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def client_id(self) -> str:
        """By which OAuth 2 knows it; its token is the secret."""
        return f"system-{self.pk}"


class AccessToken(models.Model):
    """A short-lived token of a connected system (exchange.oauth); only its SHA-256 is kept."""

    system = models.ForeignKey(ConnectedSystem, models.CASCADE, related_name="access_tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
