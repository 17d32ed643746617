"""How well a procedure's names answer a question: plain arithmetic that says its reasons.

A procedure has several names: its official title, each of its synonyms, its English title. The best one counts. A word
that few procedures have says more than one that hundreds have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from vietnam.text import fold

ALL_PROCEDURES = 3_000  # about as many as the nation has; a word in all of them says next to nothing
RARE = 8  # a word that fewer have is no surer sign than this
BEGINNING = 0.8  # how sure the beginning of a word is, while somebody still types
# Words of a question that name no procedure; left out when others remain.
_NAMELESS = """
làm xin thủ tục tôi mình em muốn cần phải ở đâu như thế nào sao cho để về gì bị có và là thì hỏi giúp rồi không mấy
bao lâu tiền hết i want to how do my a an the for of in need get please where what is with from and we our have had
does apply
"""
_WITHOUT_MEANING = frozenset(_NAMELESS.split())
FILLERS = frozenset(fold(word) for word in _WITHOUT_MEANING)
# Words of daily life that say little about which procedure it is, however rare they are in official titles.
_EVERYDAY = """
con bố bỏ mẹ cháu bé vợ chồng bà ba ông em người mới cũ giấy tờ tiền bằng hàng năm ngày quận quán mở
"""
_LIGHT = frozenset(_EVERYDAY.split())
LIGHT = frozenset(fold(word) for word in _LIGHT)
LIGHTER = 0.45
# Pairs that only say for whom it is ("cho ông nội", "cho sinh viên"); each word alone may say much ("khai sinh").
_KIN = "ong ba bac chu co di cau mo thim anh chi em con cha bo me chau"
_WHOSE = "noi ngoai ruot trai gai dau re"
_FOR_WHOM = frozenset(
    {(one, two) for one in _KIN.split() for two in _WHOSE.split()}
    | {("sinh", "vien"), ("hoc", "sinh"), ("so", "sinh"), ("tre", "em"), ("cong", "nhan"), ("nguoi", "gia")}
)
OTHER_ACCENTS = 0.6  # how sure the same letters are with other accents, where the question is typed with accents
# What is done with a thing that exists already: how titles begin with it, and the words by which people ask for it.
_ACTS = {
    "again": ("cap lai|dang ky lai|cong nhan lai|bo nhiem lai", "lai|mat|hong|rach|chay|that lac"),
    "change": (
        "doi|cap doi|dieu chinh|thay doi|sua doi|chinh sua|dinh chinh|dang ky thay doi",
        "doi|sua|sai|thay|dieu chinh|chuyen",
    ),
    "longer": ("gia han", "gia han|het han|sap han|keo dai|renew|extend|extension"),
    "end": (
        "thu hoi|cham dut|xoa|huy|giai the|mien nhiem|tam ngung|tam ngung|tam dung",
        "thu hoi|cham dut|xoa|huy|giai the|mien nhiem|dong cua|dong|cat|ngung|nghi|dung",
    ),
    "together": ("lien thong", "lien thong|cung luc|mot lan|kem"),
}
_BEGINNINGS = {begun: act for act, (titles, _) in _ACTS.items() for begun in titles.split("|")}
_LONGEST_FIRST = sorted(_BEGINNINGS, key=len, reverse=True)
_ASKED = {act: frozenset(words.split("|")) for act, (_, words) in _ACTS.items()}


def weight(procedures: int) -> float:
    """How much a word says that so many procedures have."""
    return log(1 + ALL_PROCEDURES / max(procedures, RARE))


@dataclass(frozen=True)
class Word:
    """A word of the question: its forms in the catalogue with how sure each is (0 to 1), and how much it says."""

    typed: str
    forms: dict[str, float]
    weight: float
    open_ended: bool = False  # the last word, which may be the beginning of a longer one
    accented: str = ""  # the word with its accents, where it was typed with some

    def found_in(self, words: frozenset[str], written: frozenset[str] = frozenset()) -> tuple[str, float]:
        """The surest of `words` that this one means, and how sure; ("", 0.0) when none is.

        `written` are words with their accents: "tử" is hardly meant by a name that has "từ".
        """
        for form, sure in self.forms.items():  # the surest first
            if form in words:
                other = self.accented and form == self.typed and written and self.accented not in written
                return form, sure * (OTHER_ACCENTS if other else 1.0)
        if self.open_ended:
            longer = min((word for word in words if word.startswith(self.typed)), default="")
            if longer:
                return longer, BEGINNING
        return "", 0.0


@dataclass(frozen=True)
class Names:
    """A procedure's names as words, and all other words that it is found by (its field, words of like titles)."""

    title: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    all: frozenset[str]  # the words of all names, of its field, and of titles alike
    written: frozenset[str]  # words of title and synonyms with their accents

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that stand side by side in one of the names."""
        return frozenset(pair for name in (self.title, *self.others) for pair in _beside(name))

    @classmethod
    def read(cls, text: str) -> Names:
        """From the five lines of `Procedure.search_text`."""
        title, synonyms, english, last, written = (text.split("\n") + [""] * 5)[:5]
        *own, beside = synonyms.split("|") if "|" in synonyms else [synonyms]
        others = [*own, english]
        return cls(
            tuple(title.split()),
            tuple(tuple(name.split()) for name in others if name.strip()),
            frozenset(" ".join((title, *others, beside, last)).split()),
            frozenset(written.split()),
        )


@dataclass(frozen=True)
class Points:
    """Why a procedure stands where it stands; each part 0 to 1, `total` orders."""

    name: str = ""  # the name that answered best
    answered: float = 0.0  # how much of the question the name answers, by weight of the words
    kept_to: float = 0.0  # how much of the name was asked for
    together: float = 0.0  # how many words that stand together in the question do so in the name
    covered: float = 0.0  # how much of the question all names together answer
    written: float = 0.0  # how many of the words typed with accents stand so in title or synonyms
    act: float = 0  # 1: what is asked to be done with an existing thing is what is done; -1: something else is
    likely: float = 0.0  # asked often, received here
    total: float = 0.0


def covered(question: Sequence[Word], names: Names) -> float:
    """How much of the question all names together answer (0 to 1), by weight of the words."""
    mass = sum(word.weight for word in question)
    return sum(word.weight * word.found_in(names.all, names.written)[1] for word in question) / mass


def rank(
    question: Sequence[Word],
    names: Names,
    *,
    accented: frozenset[str] = frozenset(),
    popularity: int = 0,
    bundled: bool = False,
    here: bool = False,
) -> Points:
    """Points of one procedure.

    `accented`: the words of the question that were typed with accents. `bundled`: it is one of the most used, which the
    product carries; `here`: it is received in the province.
    """
    mass = sum(word.weight for word in question)
    likely = min(log(1 + popularity) / 8, 1.0) * 0.4 + 0.3 * here + 0.3 * bundled
    found = (_of_name(question, name, mass, names.written) for name in (names.title, *names.others))
    best = max(found, key=lambda one: one.total)
    answers = covered(question, names)
    written = len(accented & names.written) / len(accented) if accented else 0.0
    asked = [word.typed for word in question]
    act = _act(asked, names.title, best.name)
    age = _age(asked, names.title)
    return replace(
        best,
        covered=answers,
        written=written,
        act=act,
        likely=likely,
        total=best.total + 0.15 * answers + 0.15 * written + 0.1 * act + 0.2 * age + 0.25 * likely,
    )


def _act(asked: Sequence[str], title: tuple[str, ...], name: str) -> float:
    """Whether what is asked to be done with an existing thing is what the title begins with: it may name several acts
    ("cấp lại, đổi, điều chỉnh"). A title that names none is a little less likely where one is asked for, unless the
    name that answered has the word.
    """
    wanted = _said(" ".join(asked))
    done = _acts_of(title)
    if not done:
        return -0.5 if wanted - _said(name) else 0.0
    return 1.0 if wanted & done else -1.0


@lru_cache(maxsize=4000)
def _said(text: str) -> frozenset[str]:
    """The acts by whose words a text asks for them."""
    padded = f" {text} "
    return frozenset(act for act, words in _ASKED.items() if any(f" {word} " in padded for word in words))


@lru_cache(maxsize=4000)
def _acts_of(title: tuple[str, ...]) -> frozenset[str]:
    """The acts with which a title begins, one after the other."""
    found, left = set(), " ".join(title[:8]) + " "
    while begun := next((words for words in _LONGEST_FIRST if left.startswith(f"{words} ")), ""):
        found.add(_BEGINNINGS[begun])
        left = left[len(begun) + 1 :]
    return frozenset(found)


def _age(asked: Sequence[str], title: Sequence[str]) -> int:
    """1 when the age asked for lies within the one of the title, -1 when it does not, 0 where either has none."""
    place = next((n for n, unit in enumerate(asked) if unit == "tuoi" and n and asked[n - 1].isdigit()), 0)
    if not place:
        return 0
    age = int(asked[place - 1][:4]) - (place > 1 and asked[place - 2] == "duoi")
    words = list(title)
    for place, word in enumerate(words):
        if word == "tuoi" and place > 1 and words[place - 1].isdigit():
            bound, before = int(words[place - 1]), words[place - 2]
            if before in ("duoi", "du", "tren"):
                return 1 if (age < bound) == (before == "duoi") else -1
    return 0


def says_nothing(word: str) -> bool:
    """Whether a word as typed names no procedure: "bao" of "bao lâu" does not, "báo" of "báo tử" may."""
    return fold(word) in FILLERS if word.isascii() else word in _WITHOUT_MEANING


def says_little(word: str) -> bool:
    """Whether a word as typed is one of daily life."""
    return fold(word) in LIGHT if word.isascii() else word in _LIGHT


def for_whom(words: Sequence[str]) -> frozenset[str]:
    """Words of a question that only say for whom it is."""
    return frozenset(word for pair in zip(words, words[1:], strict=False) if pair in _FOR_WHOM for word in pair)


@lru_cache(maxsize=20_000)
def _beside(name: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Words that stand side by side in a name, also where words without meaning stand between: questions lose them."""
    telling = [word for word in name if word not in FILLERS]
    return frozenset(zip(name, name[1:], strict=False)) | frozenset(zip(telling, telling[1:], strict=False))


def _of_name(question: Sequence[Word], name: Sequence[str], mass: float, written: frozenset[str]) -> Points:
    words = frozenset(name)
    found = [word.found_in(words, written) for word in question]
    answered = sum(word.weight * sure for word, (_, sure) in zip(question, found, strict=True)) / mass
    if not answered:
        return Points()
    telling = words - FILLERS or words
    meant = {word for word, _ in found if word}
    kept_to = len(meant & telling) / len(telling)
    beside = _beside(tuple(name))
    pairs = sum((one[0], two[0]) in beside for one, two in zip(found, found[1:], strict=False))
    together = pairs / (len(meant) - 1) if len(meant) > 1 else 1.0 / len(question)
    whole = together * min(len(telling), 2) / 2 if kept_to == 1.0 else 0.0
    total = answered * (0.3 + 0.15 * kept_to + 0.4 * together) + whole * 0.5 * answered**3
    return Points(" ".join(name), answered, kept_to, together, total=total)
