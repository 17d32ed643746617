"""The catalogue's own words for what people say: names, everyday words and events of catalogue/synonyms.yaml."""

import re
from functools import cache

from procedures.editions.document import CATALOGUE, yaml_data
from vietnam.text import compose, fold

_WORD = re.compile(r"[^\W_]+")


@cache
def synonyms_in_use() -> tuple[dict[str, list[str]], list[tuple[str, list[str]]]]:
    """(by code, by phrase of the title); the phrases folded."""
    table = yaml_data(CATALOGUE / "synonyms.yaml")["synonyms"]
    by_code: dict[str, list[str]] = {}
    by_phrase: list[tuple[str, list[str]]] = []
    for row in table:
        words = row["words"]
        for code in row.get("codes", []):
            by_code.setdefault(code, []).extend(words)
        by_phrase += [(fold(phrase), words) for phrase in row.get("titles_with", [])]
    return by_code, by_phrase


@cache
def _other_names(table: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Of a table of synonyms.yaml (name: others): what finds the others, with their accents or without any, and the
    name of each.
    """
    names = {}
    for one, others in yaml_data(CATALOGUE / "synonyms.yaml")[table].items():
        for other in others:
            names[other.lower()] = one
            if " " in other or table == "same_things":  # without accents a single word may be many ("ban": bán, bản)
                names[fold(other)] = one
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{longest_first})\b", re.IGNORECASE), names


def named(text: str, table: str = "same_things") -> str:
    """The text with one name for each thing that has several: abbreviations, former and everyday names."""
    pattern, names = _other_names(table)
    text = compose(text)
    said = text.lower() if table == "everyday" else ""
    return pattern.sub(lambda match: match[0] if names[match[0].lower()] in said else names[match[0].lower()], text)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Of `patterns` in synonyms.yaml: what people say of an event, and its official word."""
    table = yaml_data(CATALOGUE / "synonyms.yaml")["patterns"]
    return [(re.compile(rf"\b{pattern}\b", re.IGNORECASE), word) for word, pattern in table.items()]


def with_events(text: str) -> str:
    for pattern, word in _patterns():
        text = pattern.sub(word, text)
    return text


def accented_words(*texts: str) -> frozenset[str]:
    """The words that have accents, in one form whatever keyboard typed them."""
    words = _WORD.findall(compose(" ".join(texts)).lower())
    return frozenset(word for word in words if not word.isascii())
