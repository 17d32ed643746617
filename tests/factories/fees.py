"""Fee lines, and an edition that asks for facts to count its fee."""

import copy

from procedures.editions import publishing
from procedures.models import Edition, FeeLine
from tests.factories.moments import at

FEE_CODE = "2.002516"


FEE = {"kind": "charge", "channels": ["online", "counter", "post"], "per": "dossier", "state": "confirmed",
       "source": "test", "legal_basis": "01/2025/TT-BTC"}  # fmt: skip


POOR = {"key": "poor", "name": "Người thuộc hộ nghèo", "name_en": "Member of a poor household", "percent": 0}


NEAR = {"key": "near", "name": "Người thuộc hộ cận nghèo", "name_en": "Member of a near-poor household", "percent": 50}


FEES = [
    {**FEE, "name": "Phí thẩm định", "name_en": "Appraisal charge", "case": "works", "amount": 200_000,
     "value_below": 1_000_000_000},
    {**FEE, "name": "Phí thẩm định", "name_en": "Appraisal charge", "case": "works", "amount": 900_000,
     "value_from": 1_000_000_000},
    {**FEE, "name": "Phí sao lục", "name_en": "Copy charge", "amount": 8_000, "per": "copy", "case": "paper",
     "exemptions": [POOR, NEAR]},
    {**FEE, "name": "Lệ phí khác", "name_en": "Other levy", "kind": "levy", "amount": 5_000, "case": "doubt",
     "state": "to_be_confirmed"},
]  # fmt: skip


FEE_CASES = [
    {"key": "works", "name": "Công trình", "name_en": "Works"},
    {"key": "paper", "name": "Giấy tờ", "name_en": "Papers"},
    {"key": "doubt", "name": "Chưa rõ", "name_en": "Unclear"},
    {"key": "free", "name": "Không thu", "name_en": "Free"},
]


def publish(edition, **changes) -> Edition:
    facts = {**copy.deepcopy(edition.facts), **changes}
    return publishing.publish_edition(FEE_CODE, facts, Edition.Origin.CONTROLLER, "test", at("2025-11-20 09:00"))[0]


def line(position=1, amount=50_000, **facts):
    given_facts = {"kind": "levy", "name": "Lệ phí", "per": "dossier", "channel": "counter", "state": "confirmed"}
    return FeeLine(position=position, amount=amount, **{**given_facts, **facts})


def banded(bounds, amounts):
    """Lines that share the values from 0 upwards at `bounds`."""
    edges = [0, *bounds, None]
    return [
        line(i, amount, value_from=low, value_below=high)
        for i, (low, high, amount) in enumerate(zip(edges, edges[1:], amounts, strict=False))
    ]
