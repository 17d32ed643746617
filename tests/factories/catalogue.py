"""What changes of the catalogue are made of: who makes them, when, and rows of a national extract."""

from datetime import timedelta

from procedures.editions.publishing import People
from procedures.importing.run import import_file
from tests.databases import LOADED_AT
from tests.factories.people import AccountFactory

AT = LOADED_AT


def two_people():
    """Who proposes and who approves what changes an edition in force."""
    first, second = AccountFactory(username="eyes-1"), AccountFactory(username="eyes-2")
    return People(first, second, "A B")


def row(**changes):
    """A procedure as the national extract has it."""
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
    """The run that took a file in, some hours after the catalogue was loaded."""
    return import_file(path, "test", AT + timedelta(hours=hours))
