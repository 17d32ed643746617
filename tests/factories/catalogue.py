from datetime import timedelta

from accounts.models import Account
from procedures.editions.publishing import People
from procedures.importing.run import import_file
from tests.databases import LOADED_AT

AT = LOADED_AT


def two_people():
    """Who proposes and who approves what changes an edition in force."""
    first, second = (Account.objects.create_account(f"eyes-{n}", "a long enough word", full_name="A B") for n in (1, 2))
    return People(first, second, "A B")


def row(**changes):
    return {
        "code": "1.900001",
        "name": "Cấp giấy thử",
        "ministry": "Bộ Thử",
        "field": "Lĩnh vực thử",
        "levels": ["Cấp xã"],
        "kind": "TTHC",
        "applicants": ["Công dân Việt Nam", "Doanh nghiệp"],
        "channels_raw": "Trực tuyến3 Ngày làm việcMiễn phíTrực tiếp3 Ngày làm việc20,000 VNĐ(Lệ phí: 20.000 đồng)",
        "documents": [{"case": "", "name": "Đơn", "form_file": None, "originals": 1, "copies": 0}],
        "results": [{"name": "Giấy thửMã: KQ.G15.000099", "code": None}],
        "legal_basis": ["01/2026/TT-BT"],
        **changes,
    }


def imported(path, hours=0):
    return import_file(path, "test", AT + timedelta(hours=hours))
