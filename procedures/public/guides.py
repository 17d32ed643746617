"""Guides: plain questions that lead to the procedure, and its case, that a reader needs.

The trees are bundled data (catalogue/guides_*.yaml), read once and never changed. Where a reader stands in a tree is
said by the places of the answers given so far, counted from 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from procedures.editions.document import CATALOGUE, CONFIRMED, yaml_data
from vietnam.text import fold

FILES = ("guides_1.yaml", "guides_2.yaml")
START = "start"


@dataclass(frozen=True)
class Wanted:
    """A procedure to ask for, by its code; `case` is one of its cases or empty; one sentence of why, with where it
    comes from (a key of sources.yaml) and how sure it is.
    """

    code: str
    why: str
    why_en: str
    source: str
    case: str = ""
    state: str = CONFIRMED


@dataclass(frozen=True)
class Answer:
    """Leads to the question `then`, or ends with what is `wanted`: exactly one of the two."""

    say: str
    say_en: str
    then: str = ""
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class Question:
    ask: str
    ask_en: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Guide:
    """A tree of questions by their keys; `words` are folded phrases by which a search is known to mean it."""

    key: str
    name: str
    name_en: str
    hint: str
    hint_en: str
    icon: str
    life_events: frozenset[str]
    words: frozenset[str]
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class Step:
    """A question and the answer that was given, with its place among the answers."""

    question: Question
    answer: Answer
    place: int


@dataclass(frozen=True)
class Walk:
    """The answers understood, and the question that is open; None when the walk has ended."""

    steps: tuple[Step, ...]
    question: Question | None

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        return self.steps[-1].answer.wanted if self.steps and self.question is None else ()


@cache
def guides() -> Mapping[str, Guide]:
    """Every guide by its key, in the order shown."""
    files = [yaml_data(CATALOGUE / name) for name in FILES]
    found = [_guide(row, content["source"]) for content in files for row in content["guides"]]
    return MappingProxyType({guide.key: guide for guide in found})


def _guide(row: dict[str, Any], source: str) -> Guide:
    questions = {key: _question(question, source) for key, question in row["questions"].items()}
    return Guide(
        **{key: row[key] for key in ("key", "name", "name_en", "hint", "hint_en", "icon")},
        life_events=frozenset(row["life_events"]),
        words=frozenset(fold(phrase) for phrase in row["words"]),
        questions=MappingProxyType(questions),
    )


def _question(row: dict[str, Any], source: str) -> Question:
    return Question(row["ask"], row["ask_en"], tuple(_answer(answer, source) for answer in row["answers"]))


def _answer(row: dict[str, Any], source: str) -> Answer:
    wanted = tuple(Wanted(**{"source": source, **one}) for one in row.get("to", ()))
    return Answer(row["say"], row["say_en"], row.get("then", ""), wanted)


def walk_guide(guide: Guide, given: Sequence[str]) -> Walk:
    """Go through the guide by the answers as they stand in an address, as far as they are understood.

    From the first place that no answer of its question has, the rest is left out; so are answers after the end.
    """
    steps: list[Step] = []
    question: Question | None = guide.questions[START]
    for text in given:
        if question is None or not (text.isascii() and text.isdigit() and len(text) < 3):
            break
        place = int(text)
        if place >= len(question.answers):
            break
        answer = question.answers[place]
        steps.append(Step(question, answer, place))
        question = guide.questions[answer.then] if answer.then else None
    return Walk(tuple(steps), question)


def meant_by(text: str) -> Guide | None:
    """The guide with the longest of its phrases in the words of a search, with or without accents."""
    words = f" {fold(text)} "
    known = [(len(phrase), guide) for guide in guides().values() for phrase in guide.words if f" {phrase} " in words]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def of_life_event(key: str) -> list[Guide]:
    """The guides of a life event."""
    return [guide for guide in guides().values() if key in guide.life_events]
