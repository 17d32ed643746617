"""A form with every kind of question."""

from datetime import date

from procedures.questionnaire import schema
from procedures.questionnaire.layout import read_layout
from procedures.questionnaire.schema import Context

TODAY = date(2026, 11, 23)


AROUND = Context(TODAY, {"09202", "07105"})


OPTIONS = [{"key": "one", "label": "Một"}, {"key": "two", "label": "Hai"}, {"key": "three", "label": "Ba"}]


STORED = {
    "title": "Tờ khai thử",
    "content": "Đăng ký cho {child.name}",
    "sections": [
        {
            "title": "Người",
            "questions": [
                {"id": "child", "kind": "person", "label": "Người con", "parts": ["name", "birth_date", "sex?"]},
                {"id": "way", "kind": "choice", "label": "Cách", "options": OPTIONS},
                {"id": "why", "kind": "text", "label": "Lý do", "when": {"field": "way", "value": "two"}},
                {"id": "needs", "kind": "several", "label": "Cần gì", "options": OPTIONS, "required": False},
                {
                    "id": "loan",
                    "kind": "money",
                    "label": "Số tiền",
                    "most": 1000000,
                    "when": {"field": "needs", "op": "contains", "value": "one"},
                },
                {"id": "home", "kind": "address", "label": "Nơi ở", "required": False},
            ],
        },
        {
            "title": "Chi phí",
            "when": {"field": "way", "op": "is_not", "value": "three"},
            "questions": [
                {
                    "id": "costs",
                    "kind": "rows",
                    "label": "Khoản",
                    "most": 3,
                    "columns": [
                        {"id": "what", "kind": "text", "label": "Tên khoản"},
                        {"id": "amount", "kind": "money", "label": "Tiền"},
                    ],
                },
                {"id": "total", "kind": "computed", "label": "Cộng", "formula": "sum(costs.amount)"},
                {"id": "age", "kind": "computed", "label": "Tuổi", "formula": "age(child.birth_date)"},
                {"id": "sure", "kind": "declaration", "label": "Tôi cam đoan"},
            ],
        },
    ],
}


LAYOUT = read_layout(STORED)


RULES = schema.build_schema(LAYOUT)


WHOLE = {
    "child-name": "nguyễn văn an",
    "child-birth_date": "2/11/2016",
    "way": "one",
    "costs-0-what": "Giấy",
    "costs-0-amount": "20.000",
    "costs-2-what": "Mực",
    "costs-2-amount": "5000 đ",
    "sure": "on",
}
