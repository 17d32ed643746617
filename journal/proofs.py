"""The proof that one row stands in the history as it was sealed: short, self-contained, and checkable by anybody.

It is a JSON document; `faults_of_proof` and docs/decisions/sealed-history.md say how it is recomputed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from journal import merkle
from journal.canonical import canonical
from journal.models import DayRoot, Seal
from journal.sealing import (
    day_leaf,
    digest_of,
    published,
    row_leaf,
)
from journal.signing import is_signed


@dataclass(frozen=True)
class Standing:
    """How far a row is anchored: `seal` once its block is chained, `day` once the day's root is signed."""

    seal: Seal | None = None
    day: DayRoot | None = None
    is_intact: bool = True  # the row is now as it was sealed


def standing_of(row: Model) -> Standing:
    """Where a row of a sealed model stands. Four queries at most, whatever the history's length."""
    promise = row.sealed  # type: ignore[attr-defined]
    seal = Seal.objects.filter(stream=promise.name, last_id__gte=row.pk).order_by("last_id").first()
    if seal is None:
        return Standing()
    digest = digest_of(_published(row, seal))
    intact = (row.pk, digest) in zip(seal.ids, seal.each_digest(), strict=True)
    day = DayRoot.objects.filter(last_seal__gte=seal.pk).order_by("last_seal").first()
    return Standing(seal, day, intact)


def proof_of(row: Model) -> dict[str, Any] | None:
    """The proof of a row under a signed root; None until its day is closed, or when the row is not as it was sealed."""
    standing = standing_of(row)
    seal, day = standing.seal, standing.day
    if seal is None or day is None or not standing.is_intact:
        return None
    before = DayRoot.objects.filter(day__lt=day.day).order_by("-day").first()
    hashes = list(
        Seal.objects.filter(pk__gt=before.last_seal if before else 0, pk__lte=day.last_seal)
        .order_by("pk")
        .values_list("pk", "hash")
    )
    leaves = [row_leaf(pk, digest) for pk, digest in zip(seal.ids, seal.each_digest(), strict=True)]
    in_block = seal.ids.index(row.pk)
    in_day = [pk for pk, _hash in hashes].index(seal.pk)
    return {
        "version": 1,
        "row": {"key": row.pk, "fields": _published(row, seal)},
        "block": {
            **seal.statement(),
            "index": in_block,
            "path": [each.hex() for each in merkle.path_of(leaves, in_block)],
        },
        "day": {
            "statement": day.statement.decode(),
            "index": in_day,
            "path": [each.hex() for each in merkle.path_of([day_leaf(each) for _pk, each in hashes], in_day)],
            "signature": day.signature,
        },
    }


def faults_of_proof(proof: dict[str, Any], *, public_key: str = "") -> list[str]:
    """What is wrong with a proof, in words; nothing when it holds. `public_key`: the one to trust, if known."""

    try:
        block, day = dict(proof["block"]), proof["day"]
        index, path = int(block.pop("index")), [bytes.fromhex(each) for each in block.pop("path")]
        leaf = row_leaf(int(proof["row"]["key"]), digest_of(proof["row"]["fields"]))
        root = merkle.root_by_path(leaf, index, int(block["rows"]), path)
        statement = json.loads(day["statement"])
        block_hash = hashlib.sha256(canonical(block)).hexdigest()
        day_root = merkle.root_by_path(
            day_leaf(block_hash), int(day["index"]), int(statement["seals"]), [bytes.fromhex(e) for e in day["path"]]
        )
        signed = is_signed(day["statement"].encode(), day["signature"], statement["public_key"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return ["The file is no proof of this kind."]
    faults = []
    if root is None or root.hex() != block["root"]:
        faults.append("The row is not the one in the block.")
    if day_root is None or day_root.hex() != statement["root"]:
        faults.append("The block does not stand under the day's root.")
    if not signed:
        faults.append("The signature under the day's root is not genuine.")
    if public_key and statement["public_key"] != public_key:
        faults.append("The day's root was signed by another key.")
    return faults


def _published(row: Model, seal: Seal) -> dict[str, Any]:
    promise = row.sealed  # type: ignore[attr-defined]
    return published(promise, seal.form, [getattr(row, name) for name in promise.forms[seal.form]])
