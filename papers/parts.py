"""Parts of papers that are made of many rows: ruled tables and numbered lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable

from papers import blocks
from papers.wording import Block, Part


@dataclass(frozen=True)
class Column:
    """`key` of the row's value; "#" counts the rows. `width` in millimetres. Zeros are left blank."""

    key: str
    head: str
    width: float
    align: str = "left"


def table(label: str, columns: Sequence[Column], example: Sequence[Mapping[str, Any]]) -> Part:
    """A table. Heads of a wording that was made for other columns than it has now give way to its own."""
    own = tuple(column.head for column in columns)

    def draw(rows: Any, block: Block, size: float) -> list[Flowable]:
        if not rows:
            return [blocks.paragraph(block.text, size=size)] if block.text else []
        cells = [
            [number if column.key == "#" else row.get(column.key) or "" for column in columns]
            for number, row in enumerate(rows, 1)
        ]
        drawn = blocks.table(
            block.heads if len(block.heads) == len(own) else own,
            cells,
            [column.width for column in columns],
            aligns=[column.align for column in columns],
            size=size,
        )
        return [*_above(block, size), drawn]

    return Part(label, draw, list(example), own)


def numbered(label: str, example: Sequence[str]) -> Part:
    def draw(items: Any, block: Block, size: float) -> list[Flowable]:
        if not items:
            return [blocks.paragraph(block.text, size=size)] if block.text else []
        return [*_above(block, size), *blocks.numbered(items, size=size)]

    return Part(label, draw, list(example))


def _above(block: Block, size: float) -> list[Flowable]:
    return [blocks.paragraph(block.label, align="left", bold=block.strong, size=size)] if block.label else []
