"""`manage.py verify_proof PROOF.json --paper PAPER.pdf`: does this paper stand in the signed history?"""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.proofs import faults_of_proof


class Command(BaseCommand):
    help = "Recompute the proof of a paper, and compare it with the paper and with a day's root that was kept outside."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("proof", type=Path)
        parser.add_argument("--paper", type=Path, help="the PDF that the proof should be about")
        parser.add_argument("--public-key", default="", help="the key that must have signed (hexadecimal digits)")
        parser.add_argument("--day-root", default="", help="the hash of the day's root, from a copy kept outside")

    def handle(self, *_args: Any, proof: Path, paper: Path | None = None, **options: Any) -> None:
        try:
            read = json.loads(proof.read_bytes())
            content = paper.read_bytes() if paper else None
        except (OSError, ValueError) as error:
            raise CommandError(f"{proof} cannot be read as a proof, or the paper not at all ({error}).") from error
        faults = faults_of_proof(read, public_key=options["public_key"])
        if not faults:
            statement = read["day"]["statement"]
            if content is not None and hashlib.sha256(content).hexdigest() != read["row"]["fields"].get("sha256"):
                faults.append("The PDF is not the one that was issued.")
            if options["day_root"] not in ("", hashlib.sha256(statement.encode()).hexdigest()):
                faults.append("The day's root is not the one kept outside.")
        if faults:
            raise CommandError(" ".join(faults))
        day, key = json.loads(statement)["day"], json.loads(statement)["public_key"]
        self.stdout.write(f"The proof holds: under the root of {day}, signed by {key}.")
