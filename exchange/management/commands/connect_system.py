"""Give another system a token, printed once and kept only as its SHA-256. Its client id goes to standard error."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from core.refusals import Refused
from exchange.models import ON_BEHALF
from exchange.systems import SCOPES, connect_system


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scopes", nargs="+", default=["catalogue"], choices=[s for s in SCOPES if s != ON_BEHALF])
        parser.add_argument("--post", type=int, help="number of the staff post in whose place the system may act")
        parser.add_argument("--days", type=int, default=365, help="how long the token holds")

    def handle(self, *args: Any, name: str, scopes: list[str], post: int | None, days: int, **options: Any) -> None:
        place = StaffPost.objects.filter(pk=post).first() if post is not None else None
        if post is not None and place is None:
            raise CommandError(f"There is no staff post {post}; see /manage/staff/.")
        wanted = [*scopes, ON_BEHALF] if place else scopes
        try:
            system, token = connect_system(
                name, scopes=wanted, post=place, days=days, by=Actor(system="connect_system"), at=timezone.now()
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write(f"Client id for short-lived tokens (OAuth 2): {system.client_id}")
        self.stdout.write(token)
