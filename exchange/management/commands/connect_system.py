"""Give another system a token. It is printed once and kept only as its SHA-256."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import StaffPost
from exchange.authentication import SCOPES, new_token
from exchange.models import ConnectedSystem


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scopes", nargs="+", default=["catalogue"], choices=SCOPES)
        parser.add_argument("--post", type=int, help="number of the staff post that the system acts as")

    def handle(self, *args: Any, name: str, scopes: list[str], post: int | None, **options: Any) -> None:
        if post is not None and not StaffPost.objects.filter(pk=post).exists():
            raise CommandError(f"There is no staff post {post}; see /manage/staff/.")
        token, digest = new_token()
        ConnectedSystem.objects.update_or_create(
            name=name, defaults={"token_sha256": digest, "scopes": scopes, "post_id": post, "active": True}
        )
        self.stdout.write(token)
