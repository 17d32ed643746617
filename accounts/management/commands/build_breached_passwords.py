"""Make the offline list of breached passwords from published lists. Nothing is fetched: the files are brought here."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.breached import SIZE, build_list, digest_of

_HASH_LINE = re.compile(r"^([0-9A-Fa-f]{40})(?::(\d+))?$")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", type=Path, help="files with a SHA-1[:count] or a password a line")
        parser.add_argument("--plain", action="store_true", help="the files hold passwords, not hashes")
        parser.add_argument("--seen", type=int, default=1, help="leave out hashes that were seen less often")
        parser.add_argument("--target", type=Path, help="where the list goes; BREACHED_PASSWORDS unless given")

    def handle(self, *args: Any, sources: list[Path], plain: bool, seen: int, target: Path | None, **_o: Any) -> None:
        if missing := [str(path) for path in sources if not path.is_file()]:
            raise CommandError(f"No such file: {', '.join(missing)}.")
        place = target or Path(settings.BREACHED_PASSWORDS)
        digests = (digest for path in sources for digest in _digests(path, plain, seen))
        count = build_list(digests, place, at=timezone.now())
        self.stdout.write(f"{count} passwords in {place}")


def _digests(path: Path, plain: bool, seen: int) -> Iterator[bytes]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            text = line.rstrip("\r\n")
            if plain:
                if text:
                    yield digest_of(text)
                continue
            match = _HASH_LINE.match(text.strip())
            if match is None:
                if text.strip():
                    raise CommandError(f"{path.name}, line {number}: no SHA-1 hash; use --plain for passwords.")
                continue
            if int(match[2] or seen) >= seen:
                yield bytes.fromhex(match[1])[:SIZE]
