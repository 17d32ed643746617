"""Numbers of legal acts, read whole from running text.

`66.7/2025/NQ-CP`, `43/2024/QH15`, `09/2015/TTLT-BCA-BYT-BTC`: a number, the year, the kind of act and who issued it.
Pages and tables often run such a number together with the words around it, so reading one means finding where it
begins and ends.
"""

from __future__ import annotations

import re

# Who issues circulars, longer names before those that begin them: BKHĐT is not read as BKH.
_BODIES = (
    r"BCA|BCT|BCNNg|BCN|BDTTG|BGDĐT|BGTVT|BKHCNMT|BKHCN|BKHĐT|BKH|BLĐTBXH|BNG|BNNPTNT|BNNMT|BNN|BNV|BQP|BTC|BTM|BTNMT|BTP"
    r"|BTS|BTTDL|BTTTT|BVHTTDL|BVHTT|BXD|BYT|CP|KTNN|NHNN|TANDTC|TTCP|UBDT|VKSNDTC|VPCP"
)
# Of a body that is not known, its capitals without the one that begins the next word.
_BODY = rf"(?:{_BODIES}|[A-ZĐ]{{2,12}}(?![a-zà-ỹđ]))"
_KIND = (
    rf"(?:QH\d{{1,2}}|(?:NQ|PL)-?UBTVQH\d{{1,2}}|UBTVQH\d{{1,2}}|NĐ-CP|NQ-CP|(?:QĐ|CT)-TTg|NQ-HĐND|QĐ-UBND|CT-UBND"
    rf"|TTLT-{_BODY}(?:-{_BODY})*|TT-{_BODY})"
)
_ACT = re.compile(rf"(?P<number>\d+(?:\.\d+)?)/(?P<year>(?:19|20)\d\d)/(?P<kind>{_KIND})")
# "37/2013/2015/TT-NHNN": which of the years is the number nobody can tell.
_UNREADABLE = re.compile(r"/(?:19|20)\d\d\Z")
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d(?=\d)")


def act_numbers_in(text: str) -> list[str]:
    """Every act number of a text, once each, in the order of the text.

    A year run together with the number after it is taken off ("năm 202443/2024/QH15" is 43/2024/QH15), and so are
    the first letter of the next word and the full stop of a sentence before the number. Only resolutions of the
    Government have numbers with a dot (66.7/2025/NQ-CP). A number with two years is left out: it cannot be read.
    """
    found = (match for match in _ACT.finditer(text) if not _UNREADABLE.search(text[: match.end("number")]))
    return list(dict.fromkeys(_whole(match) for match in found))


def is_act_number(text: str) -> bool:
    """Whether the text is one act number and nothing else."""
    return act_numbers_in(text) == [text]


def _whole(match: re.Match[str]) -> str:
    before, dot, last = match["number"].rpartition(".")
    if match["kind"] != "NQ-CP" or len(_without_year(before)) > 3:
        before = dot = ""
    number = _without_year(before) + dot + last if dot else _without_year(last)
    return f"{number}/{match['year']}/{match['kind']}"


def _without_year(digits: str) -> str:
    """At most four digits: a law or decree has no more before its year."""
    return _YEAR_BEFORE.sub("", digits, count=1) if len(digits) > 4 else digits


# The kind of act behind a number, as it is said before it; the first beginning of the number's last part that fits.
# A law, a code and a resolution of the National Assembly have numbers of one form, so only who passed it is said.
_NAMES = (
    (r"QH\d", "Văn bản của Quốc hội", "Act of the National Assembly"),
    (r"NQ-?UBTVQH", "Nghị quyết", "Resolution"),
    (r"PL-?UBTVQH", "Pháp lệnh", "Ordinance"),
    (r"UBTVQH", "Văn bản của Ủy ban Thường vụ Quốc hội", "Act of the Standing Committee of the National Assembly"),
    (r"NĐ", "Nghị định", "Decree"),
    (r"NQ", "Nghị quyết", "Resolution"),
    (r"QĐ", "Quyết định", "Decision"),
    (r"CT", "Chỉ thị", "Directive"),
    (r"TTLT", "Thông tư liên tịch", "Joint circular"),
    (r"TT", "Thông tư", "Circular"),
)
# What a sentence may say of an act before its number.
_SAID = re.compile(
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư liên tịch|Thông tư|Văn bản|Công văn"
    r"|Quốc hội)(?P<numbered> số)?\s*\Z",
    re.IGNORECASE,
)


def with_act_kinds(text: str, *, english: bool = False) -> str:
    """`text` with the kind of act before each number: "Thông tư số 85/2019/TT-BTC", "Circular No. 85/2019/TT-BTC"."""
    said, done = "", 0
    for match in _ACT.finditer(text):
        before = text[done : match.start()]
        named = _SAID.search(before)
        if named is None:
            before += _kind_of(match["kind"], english)
        elif not named["numbered"]:
            before = f"{before.rstrip()} số "
        said, done = said + before + match[0], match.end()
    return said + text[done:]


def _kind_of(kind: str, english: bool) -> str:
    name = next((names[english] for begins, *names in _NAMES if re.match(begins, kind)), "")
    return f"{name} {'No.' if english else 'số'} " if name else ""
