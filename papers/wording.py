"""What a form of paper says: lines, paragraphs, tables and places to sign, kept as data that people may edit.

The app that issues a form states its `Vocabulary`: the fields whose values it gathers and the parts it draws. A
`Wording` puts them in order under a title. Nothing in it is code: a placeholder such as ``{code}`` names a field, and a
name that the vocabulary lacks is found before the wording comes into force.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _
from reportlab.platypus import Flowable, Paragraph

from papers import blocks

LINE, TEXT, PART, SIGNATURE, QR, RECIPIENTS = "line", "text", "part", "signature", "qr", "recipients"
KINDS = (LINE, TEXT, PART, SIGNATURE, QR, RECIPIENTS)
_AT_THE_FOOT = (SIGNATURE, RECIPIENTS)
SIZES = (13, 14)  # Decree 30/2020/NĐ-CP, Annex I; what came into force with smaller letters is printed as it is
MOST_BLOCKS = 60
LONGEST = {"title": 200, "label": 200, "text": 2000, "signing_note": 120}
# What every paper knows of itself, whatever it is about.
OF_EVERY_PAPER = ("number", "serial", "year", "issuer")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SIGN = re.compile(r"[^\W_]+(?:-[^\W_]+)*\Z")


@dataclass(frozen=True)
class Block:
    """One thing on a paper. What `label` and `text` mean depends on the kind:

    line: label before the colon, what stands after it · text: (unused), the paragraph · part: what stands above it,
    what is said when there is none · signature: title, name (a title may have several lines) · qr: caption, what the
    code holds · recipients: (unused), one of them a line.
    """

    kind: str
    label: str = ""
    text: str = ""
    part: str = ""  # key of the vocabulary's part
    strong: bool = False
    italic: bool = False
    centred: bool = False
    beside: bool = False  # a line beside the one before it
    if_known: bool = False  # left out when none of its placeholders has a value
    heads: tuple[str, ...] = ()  # of a table's columns; empty: the vocabulary's own


@dataclass(frozen=True)
class Wording:
    title: str
    sign: str  # after the number: "12/TNHS"
    blocks: tuple[Block, ...]
    size: int = 13  # of letters, in points
    signing_note: str = "(Ký, ghi rõ họ tên)"

    def as_json(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["blocks"] = [{k: v for k, v in asdict(block).items() if v} for block in self.blocks]
        return kept

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Wording:
        known = {each.name for each in fields(Block)}
        rows = [{k: v for k, v in row.items() if k in known} for row in kept["blocks"]]
        read = tuple(Block(**{**row, "heads": tuple(row.get("heads", ()))}) for row in rows)
        return cls(kept["title"], kept["sign"], read, kept["size"], kept["signing_note"])


@dataclass(frozen=True)
class Field:
    label: str  # what it is, for whoever edits
    example: str  # as a trial paper prints it


@dataclass(frozen=True)
class Part:
    """Something drawn from more than one value. `draw(value, block, size)` gives its blocks."""

    label: str
    draw: Callable[[Any, Block, float], list[Flowable]]
    example: Any
    heads: tuple[str, ...] = ()  # of its columns, when it is a table


@dataclass(frozen=True)
class Vocabulary:
    fields: Mapping[str, Field] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    required: tuple[str, ...] = ()  # fields and parts without which the form would not do its work
    kinds: tuple[str, ...] = KINDS

    def names(self) -> set[str]:
        return {*self.fields, *OF_EVERY_PAPER}

    def example(self) -> dict[str, Any]:
        """What a trial paper says of a simulated case."""
        return {key: each.example for key, each in (*self.fields.items(), *self.parts.items())}


@dataclass(frozen=True)
class Problem:
    """`block` counts from 0; None: the wording as a whole. `sentence` says what to do."""

    block: int | None
    sentence: str


def placeholders(text: str) -> list[str]:
    return _PLACEHOLDER.findall(text)


def wording_problems(wording: Wording, vocabulary: Vocabulary) -> list[Problem]:
    """Why this wording may not come into force; empty when it may."""
    found = list(_of_the_whole(wording, vocabulary))
    for place, block in enumerate(wording.blocks):
        found += [Problem(place, sentence) for sentence in _of_a_block(block, vocabulary)]
    return found


def _of_the_whole(wording: Wording, vocabulary: Vocabulary) -> Iterator[Problem]:
    if not wording.title.strip():
        yield Problem(None, _("Hãy nhập tên giấy tờ."))
    elif len(wording.title) > LONGEST["title"]:
        yield Problem(None, _("Tên giấy tờ dài quá 200 ký tự. Hãy rút gọn."))
    if not _SIGN.match(wording.sign) or len(wording.sign) > 20:
        yield Problem(None, _("Ký hiệu chỉ gồm chữ, số và dấu gạch nối, ví dụ TNHS, không quá 20 ký tự."))
    if wording.size not in SIZES:
        yield Problem(None, _("Hãy chọn cỡ chữ 13 hoặc 14, theo Nghị định số 30/2020/NĐ-CP."))
    if len(wording.signing_note) > LONGEST["signing_note"]:
        yield Problem(None, _("Ghi chú ở chỗ ký dài quá 120 ký tự. Hãy rút gọn."))
    if len(wording.blocks) > MOST_BLOCKS:
        yield Problem(None, _("Mẫu có quá nhiều dòng: nhiều nhất %(most)s.") % {"most": MOST_BLOCKS})
    used = {name for block in wording.blocks for name in (*placeholders(block.label + block.text), block.part)}
    for name in vocabulary.required:
        if name not in used:
            yield Problem(None, _("Mẫu phải có “%(label)s”. Hãy thêm lại.") % {"label": label_of(name, vocabulary)})


def _of_a_block(block: Block, vocabulary: Vocabulary) -> Iterator[str]:
    if block.kind not in vocabulary.kinds:
        yield _("Mẫu này không dùng loại dòng này. Hãy chọn loại khác.")
    if block.kind == PART:
        part = vocabulary.parts.get(block.part)
        if part is None:
            yield _("Mẫu này không có phần “%(part)s”. Hãy chọn phần khác.") % {"part": block.part}
        elif block.heads and len(block.heads) != len(part.heads):
            yield _("Bảng này có %(count)s cột. Hãy nhập đủ từng ấy tên cột, cách nhau bằng dấu |.") % {
                "count": len(part.heads)
            }
    elif block.kind in (LINE, SIGNATURE) and not block.label.strip():
        yield _("Hãy nhập nhãn của dòng này.")
    elif block.kind in (TEXT, QR, RECIPIENTS) and not block.text.strip():
        yield _("Hãy nhập nội dung của dòng này, hoặc bỏ dòng này.")
    if len(block.label) > LONGEST["label"] or len(block.text) > LONGEST["text"]:
        yield _("Dòng này quá dài. Hãy rút gọn hoặc chia thành nhiều dòng.")
    for text in (block.label, block.text):
        for name in placeholders(text):
            if name not in vocabulary.names():
                yield _("Mẫu này không có chỗ điền {%(name)s}. Hãy chọn trong danh sách chỗ điền của mẫu.") % {
                    "name": name
                }
        if "{" in (rest := _PLACEHOLDER.sub("", text)) or "}" in rest:
            yield _("Có dấu ngoặc nhọn bị thiếu. Viết chỗ điền dạng {tên}, ví dụ {%(name)s}.") % {
                "name": next(iter(vocabulary.fields), "number")
            }


def label_of(name: str, vocabulary: Vocabulary) -> str:
    """A field or part as people call it."""
    known: Field | Part | None = vocabulary.fields.get(name) or vocabulary.parts.get(name)
    return known.label if known else name


def fill_wording(text: str, said: Mapping[str, Any]) -> str:
    """`text` with its placeholders filled. A name that is not known any more is left empty: a wording that came into
    force before a release must not stop the counter.
    """
    filled = _PLACEHOLDER.sub(lambda found: str(said.get(found[1]) or ""), text)
    return unicodedata.normalize("NFC", filled)


def body(wording: Wording, vocabulary: Vocabulary, said: Mapping[str, Any]) -> list[Flowable]:
    """The paper's blocks between title and footer; `said` has a value for each field and part."""
    shown = [block for block in wording.blocks if not block.if_known or _known(block, said)]
    made: list[Flowable] = []
    while shown:
        run = _run(shown)
        shown = shown[len(run) :]
        if run[0].kind in _AT_THE_FOOT:
            # Nobody signs a page that says nothing.
            above = [made.pop()] if made and isinstance(made[-1], Paragraph) else []
            made.append(_signing(run, wording, said, above))
        elif run[0].kind == LINE and len(run) > 1:
            beside = blocks.columns([_one(block, wording, said) for block in run], [None] * len(run))
            beside.spaceAfter = wording.size * blocks.BELOW_FIELD
            made.append(beside)
        elif run[0].kind == PART:
            part = vocabulary.parts.get(run[0].part)
            made += part.draw(said.get(run[0].part), run[0], wording.size) if part else []
        elif run[0].kind == QR:
            made += _code(run[0], said)
        else:
            made.append(_one(run[0], wording, said))
    return made


def _run(left: list[Block]) -> list[Block]:
    """The blocks that stand beside each other from here on."""
    first = left[0]
    if first.kind in _AT_THE_FOOT:
        ends = next((n for n, block in enumerate(left) if block.kind not in (*_AT_THE_FOOT, QR)), len(left))
        while left[ends - 1].kind == QR:
            ends -= 1
        return left[:ends]
    if first.kind == LINE:
        ends = next((n for n, block in enumerate(left) if n and not (block.kind == LINE and block.beside)), len(left))
        return left[:ends]
    return [first]


def _known(block: Block, said: Mapping[str, Any]) -> bool:
    if block.kind == PART:
        return bool(said.get(block.part))
    return any(said.get(name) for name in placeholders(block.label + block.text))


def _one(block: Block, wording: Wording, said: Mapping[str, Any]) -> Flowable:
    text = fill_wording(block.text, said)
    if block.kind == LINE:
        return blocks.field(fill_wording(block.label, said), text, size=wording.size, strong=block.strong)
    return blocks.paragraph(
        text,
        align="center" if block.centred else "justify",
        bold=block.strong,
        italic=block.italic,
        size=wording.size,
    )


def _signing(run: list[Block], wording: Wording, said: Mapping[str, Any], above: list[Flowable]) -> Flowable:
    signers = [
        (fill_wording(block.label, said), fill_wording(block.text, said)) for block in run if block.kind == SIGNATURE
    ]
    between = [each for block in run if block.kind == QR for each in _code(block, said)]
    recipients = [
        line.strip(" -")
        for block in run
        if block.kind == RECIPIENTS
        for line in fill_wording(block.text, said).splitlines()
    ]
    return blocks.signatures(
        *signers,
        note=wording.signing_note,
        size=wording.size,
        above=above,
        between=between,
        # Who issues a paper keeps a copy and does not send it to itself.
        recipients=[line for line in recipients if line and line != said.get("issuer")],
    )


def _code(block: Block, said: Mapping[str, Any]) -> list[Flowable]:
    content = fill_wording(block.text, said)
    if not content:
        return []
    code: list[Flowable] = [blocks.QR(content, side=24, centred=True)]
    return code + ([blocks.paragraph(fill_wording(block.label, said), align="center", size=11)] if block.label else [])


@dataclass(frozen=True)
class Change:
    """A line of one wording against the other's; an empty text: the line is not there."""

    before: str
    after: str


def differences(before: Wording, after: Wording, vocabulary: Vocabulary) -> list[Change]:
    """What `after` says otherwise than `before`, in the order of the paper."""
    from difflib import SequenceMatcher

    old, new = list(_written(before, vocabulary)), list(_written(after, vocabulary))
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone, come = old[a:b], new[c:d]
            most = max(len(gone), len(come))
            gone, come = gone + [""] * (most - len(gone)), come + [""] * (most - len(come))
            found += [Change(was, now) for was, now in zip(gone, come, strict=True)]
    return found


def _written(wording: Wording, vocabulary: Vocabulary) -> Iterable[str]:
    yield _("Tên: %(text)s") % {"text": wording.title}
    yield _("Ký hiệu: %(text)s") % {"text": wording.sign}
    yield _("Cỡ chữ: %(text)s") % {"text": wording.size}
    yield _("Ghi chú chỗ ký: %(text)s") % {"text": wording.signing_note}
    for block in wording.blocks:
        yield sentence_of(block, vocabulary)


def sentence_of(block: Block, vocabulary: Vocabulary) -> str:
    """A block in one line of words, marks of its look included."""
    said = {
        LINE: f"{block.label}: {block.text}",
        TEXT: block.text,
        PART: f"[{label_of(block.part, vocabulary)}] {block.label}" + (f" ({block.text})" if block.text else ""),
        SIGNATURE: _("[Chỗ ký] %(title)s: %(name)s") % {"title": block.label, "name": block.text},
        QR: f"[QR] {block.label}: {block.text}",
        RECIPIENTS: _("[Nơi nhận] %(text)s") % {"text": "; ".join(block.text.splitlines())},
    }.get(block.kind, "")
    marks = [
        word
        for given, word in (
            (block.strong, _("đậm")),
            (block.italic, _("nghiêng")),
            (block.centred, _("giữa dòng")),
            (block.beside, _("cùng hàng với dòng trên")),
            (block.if_known, _("bỏ khi không có")),
            (block.heads, " | ".join(block.heads)),
        )
        if given
    ]
    return said.strip() + (f" · {', '.join(marks)}" if marks else "")
