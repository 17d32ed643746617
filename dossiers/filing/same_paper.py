"""Whether a document on record is of the kind of paper that a line of a checklist asks for."""

import re
from collections.abc import Callable
from functools import lru_cache

from digitization.models import RegisteredDocument
from procedures.models import RequiredDocument
from vietnam.syllables import has_accent
from vietnam.text import fold, sort_key

# What somebody writes for one filing alone; what was written for another one never stands for it.
_WRITTEN_ANEW = re.compile(
    r"(?:to khai|ban (?:tu )?khai|to trinh|du thao|de nghi|de xuat|don (?!vi\b|thuoc\b)"
    r"|(?:giay|van ban|phieu) (?:de nghi|yeu cau|uy quyen)|phieu thu (?:nhan|thap)|bien ban|danh sach|ban ke)"
)
# "A or B (C, D)": any of them may be brought.
_ALTERNATIVES = re.compile(r"[,;:()/]| hoặc ", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Say how it is brought or that it is there, not what it is.
_LITTLE = "bản sao gốc chính chụp dịch của đã được cấp cũ có về kèm"
# Words that papers of many kinds share: alone they name none.
_SHARED = "giấy tờ chứng nhận văn quyết định xác phép trích lục chi tài liệu thông tin hồ sơ"


def may_stand_for(document: RegisteredDocument, paper: RequiredDocument) -> bool:
    """By the code of the result that the paper is, else by the names of both."""
    if paper.secret or paper.verification or paper.form or is_written_anew(paper.name):
        return False
    if paper.issued_as and document.document_type:
        return paper.issued_as == document.document_type or name_same_paper(document.name, paper.name)
    return name_same_paper(document.name, paper.name)


def is_written_anew(name: str) -> bool:
    return _WRITTEN_ANEW.match(fold(name)) is not None


def name_same_paper(known: str, wanted: str) -> bool:
    """Whether one name has all words of the other, among them one that says what it is: "Giấy khai sinh" and
    "Bản sao giấy khai sinh cấp trước đây", but not "Quyết định" and "Quyết định giao đất". "Điều lệ" is not in "điều
    kiện bán lẻ": accents count, unless the known name was typed without any."""
    spelt = sort_key if has_accent(known) else fold
    little, shared = _words(_LITTLE, spelt), _words(_SHARED, spelt)
    has = _words(known, spelt) - little
    parts = [_words(part, spelt) - little for part in [wanted, *_ALTERNATIVES.split(wanted)]]
    return any(
        (has <= part and bool(has - shared)) or (part <= has and len(part - shared) > 1) for part in parts if part
    )


@lru_cache(maxsize=20_000)
def _words(text: str, spelt: Callable[[str], str]) -> frozenset[str]:
    return frozenset(spelt(word) for word in _WORD.findall(text))
