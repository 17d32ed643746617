"""The form in which a paper's wording is edited: its title and signs, then one row for each thing on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import CarriedNumber, IntegerField
from papers.wording import (
    LINE,
    LONGEST,
    MOST_BLOCKS,
    PART,
    QR,
    RECIPIENTS,
    SIGNATURE,
    SIZES,
    TEXT,
    Block,
    Vocabulary,
    Wording,
)

_SPARE_ROWS = 3
_LOOKS = ("strong", "centred", "italic", "beside", "if_known")


class HeadForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Tên giấy tờ"), max_length=LONGEST["title"])
    sign = forms.CharField(
        label=gettext_lazy("Ký hiệu"),
        help_text=gettext_lazy("Đứng sau số, ví dụ TNHS trong 12/TNHS."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    size = forms.TypedChoiceField(
        label=gettext_lazy("Cỡ chữ"), choices=[(size, str(size)) for size in SIZES], coerce=int
    )
    signing_note = forms.CharField(
        label=gettext_lazy("Ghi chú ở chỗ ký"), max_length=LONGEST["signing_note"], required=False
    )
    revision = CarriedNumber(min_value=0)


class BlockForm(forms.Form):
    """One row. `what` is a kind, or "part:" and the part's key; left empty, the row is taken off the paper."""

    position = IntegerField(
        label=gettext_lazy("Thứ tự"),
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    what = forms.ChoiceField(label=gettext_lazy("Loại dòng"), required=False)
    label = forms.CharField(label=gettext_lazy("Nhãn hoặc chức danh"), required=False, max_length=LONGEST["label"])
    text = forms.CharField(
        label=gettext_lazy("Nội dung (của bảng: câu in khi bảng trống)"),
        required=False,
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    heads = forms.CharField(label=gettext_lazy("Tên các cột, cách nhau bằng |"), required=False, max_length=600)
    strong = forms.BooleanField(label=gettext_lazy("Chữ đậm"), required=False)
    centred = forms.BooleanField(label=gettext_lazy("Giữa dòng"), required=False)
    italic = forms.BooleanField(label=gettext_lazy("Chữ nghiêng"), required=False)
    beside = forms.BooleanField(label=gettext_lazy("Cùng hàng với dòng trên"), required=False)
    if_known = forms.BooleanField(label=gettext_lazy("Bỏ dòng khi không có gì để điền"), required=False)

    def __init__(self, *args: Any, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices(vocabulary)

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in ("position", "what", "label", "text")]

    @property
    def looks(self) -> list[forms.BoundField]:
        return [self[look] for look in _LOOKS]

    def block(self) -> Block | None:
        given = self.cleaned_data
        if not given.get("what"):
            return None
        kind, _colon, part = given["what"].partition(":")
        heads = tuple(head.strip() for head in given["heads"].split("|")) if given["heads"].strip() else ()
        looks = {look: given[look] for look in _LOOKS}
        return Block(kind, given["label"], given["text"].replace("\r\n", "\n"), part, heads=heads, **looks)


BlockFormSet = forms.formset_factory(
    BlockForm, extra=_SPARE_ROWS, max_num=MOST_BLOCKS + _SPARE_ROWS, validate_max=True, absolute_max=200
)


def choices(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What may stand on a row of this form."""
    kinds = {
        LINE: _("Dòng “nhãn: nội dung”"),
        TEXT: _("Đoạn văn"),
        RECIPIENTS: _("Nơi nhận, mỗi nơi một dòng"),
        SIGNATURE: _("Chỗ ký"),
        QR: _("Mã QR"),
    }
    return [
        ("", _("– bỏ dòng này –")),
        *((kind, word) for kind, word in kinds.items() if kind in vocabulary.kinds),
        *((f"{PART}:{key}", part.label) for key, part in vocabulary.parts.items()),
    ]


def initial_of(worded: Wording, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The rows of a wording as the form shows them, ten apart so that one can be put between two."""
    return [
        {
            "position": number * 10,
            "what": f"{PART}:{block.part}" if block.kind == PART else block.kind,
            "label": block.label,
            "text": block.text,
            "heads": " | ".join(block.heads or _own_heads(block, vocabulary)),
            **{look: getattr(block, look) for look in _LOOKS},
        }
        for number, block in enumerate(worded.blocks, 1)
    ]


def _own_heads(block: Block, vocabulary: Vocabulary) -> tuple[str, ...]:
    part = vocabulary.parts.get(block.part)
    return part.heads if part else ()


def wording_of(head: HeadForm, rows: Any, vocabulary: Vocabulary) -> Wording:
    """The wording that valid forms say; rows without a position keep their place behind the one before."""
    last, placed = 0, []
    for order, row in enumerate(rows.forms):
        block = row.block()
        position = row.cleaned_data.get("position")
        last = position if position is not None else last
        if block is not None:
            if block.heads == _own_heads(block, vocabulary):
                block = Block(**{**vars(block), "heads": ()})
            placed.append((last, order, block))
    given = head.cleaned_data
    blocks = tuple(block for _position, _order, block in sorted(placed, key=lambda each: each[:2]))
    return Wording(given["title"].strip(), given["sign"].strip(), blocks, given["size"], given["signing_note"].strip())
