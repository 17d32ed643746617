"""Other systems that speak with us."""

from django.db import models
from django.utils import timezone


class ConnectedSystem(models.Model):
    """A system with a token. Only the token's SHA-256 is kept. It acts as its staff post, within its scopes."""

    name = models.CharField(max_length=120, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # of: "catalogue", "dossiers:read", "dossiers:file", "dossiers:act"
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
