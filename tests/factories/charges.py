"""Charges for the payable record of the fixture `things`."""

from payments import charges
from payments.models import Charge

OWNER = "thing:1"


LINES = [
    {"name": "Lệ phí cấp giấy", "name_en": "Issuing levy", "quantity": 1, "unit_amount": 20_000, "amount": 20_000},
    {"name": "Phí chứng thực", "name_en": "Certification", "quantity": 3, "unit_amount": 2_000, "amount": 6_000},
]


def charge_thing(owner: str = OWNER, **facts) -> Charge:
    return charges.raise_charge(
        **{
            "owner": owner,
            "title": "H05.026.001-261123-0001 · Cấp lại giấy phép",
            "payer_name": "Nguyễn Thị Ánh",
            "agency_code": "H05.026.001",
            "agency_name": "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
            "lines": LINES,
            "by": "Lê Văn Cần, Cán bộ tiếp nhận",
            **facts,
        }
    )
