"""The kinds of notices, declared by the app that tells them: what may stand in their text, and how urgent they are.

A kind's shipped texts are ``templates/notices/<kind>.<language>.txt`` (first line the subject) and, for telephones,
``<kind>.short.<language>.txt`` (one line).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """`example` are pretend facts: what a preview shows, and the names that a text may use beside ``link``."""

    name: str
    label: str | Promise
    example: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False  # leaves in quiet hours too
    gathered: bool = False  # may wait for the morning digest of those who chose it
    secret: bool = False  # its text is not kept once it was sent

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(self.example) | {"link"}


_kinds: dict[str, Kind] = {}


def register_kind(*kinds: Kind) -> None:
    for kind in kinds:
        _kinds[kind.name] = kind


def kind_named(name: str) -> Kind | None:
    return _kinds.get(name)


def every_kind() -> list[Kind]:
    """In the order in which they were declared."""
    return list(_kinds.values())
