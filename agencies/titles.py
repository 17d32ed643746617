"""Titles of the heads of agencies, as they sign. Known from the kinds of bodies in use; none is fixed by a code."""

from django.utils.translation import gettext_noop as _

from agencies.models import Agency

# As histories and citizens' pages name whoever acted, in the reader's language; any other title stands as it was given.
COMMON = (
    _("Chủ tịch"),
    _("Phó Chủ tịch"),
    _("Giám đốc"),
    _("Phó Giám đốc"),
    _("Chánh Văn phòng"),
    _("Chánh Thanh tra"),
    _("Trưởng ban"),
    _("Chi cục trưởng"),
    _("Trưởng Công an"),
    _("Trưởng Thuế"),
    _("Chánh án"),
    _("Thủ trưởng cơ quan"),
    _("Trưởng phòng"),
    _("Phó Trưởng phòng"),
    _("Chuyên viên"),
    _("Văn thư"),
)

_COMMITTEES = (Agency.Kind.PROVINCIAL_PC, Agency.Kind.COMMUNE_PC)
# The first beginning that fits the agency's name says the title.
_BY_NAME = (
    ("Văn phòng Đăng ký đất đai", "Giám đốc"),
    ("Văn phòng", "Chánh Văn phòng"),
    ("Thanh tra", "Chánh Thanh tra"),
    ("Ban ", "Trưởng ban"),
    ("Chi cục", "Chi cục trưởng"),
    ("Công an tỉnh", "Giám đốc"),
    ("Công an thành phố", "Giám đốc"),
    ("Công an", "Trưởng Công an"),
    ("Thuế", "Trưởng Thuế"),
    ("Tòa án", "Chánh án"),
    ("Sở", "Giám đốc"),
    ("Trung tâm", "Giám đốc"),
    ("Bảo hiểm xã hội", "Giám đốc"),
    ("Ngân hàng", "Giám đốc"),
)


def is_committee(agency: Agency) -> bool:
    """Whether it decides as a body, so that its head signs on behalf of it."""
    return agency.kind in _COMMITTEES


def head_title(agency: Agency) -> str:
    """The title of the agency's head: Chủ tịch, Giám đốc … ; the general word where the kind of body is unknown."""
    if is_committee(agency):
        return "Chủ tịch"
    return next((title for begins, title in _BY_NAME if agency.name.startswith(begins)), "Thủ trưởng cơ quan")
