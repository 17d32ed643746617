"""Systems that may call us."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import StaffPost

ON_BEHALF = "posts:act"  # the scope to act in a post's place


class ConnectedSystem(models.Model):
    """A system with a token. Only the token's SHA-256 is kept.

    It acts as itself, within its scopes: `exchange.systems.SCOPES`. With the scope ``posts:act`` it acts in the place
    of its staff post, as long as that post and its holder's account hold; in a leader's, once a second administrator
    has confirmed it.
    """

    name = models.CharField(max_length=120, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_default=Now() + timedelta(days=365))
    last_used_at = models.DateTimeField(null=True)
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, scopes__contains=[ON_BEHALF])
                | models.Q(post__isnull=True) & ~models.Q(scopes__contains=[ON_BEHALF]),
                name="a_post_only_by_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | models.Q(connected_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("connected_by")),
                name="system_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def awaits_confirmation(self) -> bool:
        """Whether it would act in a post that decides, which one administrator alone does not give."""
        return self.confirmed_by_id is None and self.post is not None and self.post.role == StaffPost.Role.LEADER

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
