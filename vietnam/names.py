"""Family and middle names as they are written in capitals: what a doubtful reading of a name is held against.

The family names carry about 95 % of the people (Lê Trung Hoa, Họ và tên người Việt Nam, 2005, lists them by number);
the middle names are those that open most names. A name that is not here is no wrong name.
"""

from __future__ import annotations

from vietnam.text import fold

_FAMILY_LIST = """
NGUYỄN TRẦN LÊ PHẠM HOÀNG HUỲNH PHAN VŨ VÕ ĐẶNG BÙI ĐỖ HỒ NGÔ DƯƠNG LÝ ĐÀO ĐOÀN VƯƠNG TRỊNH TRƯƠNG ĐINH LÂM
PHÙNG MAI TÔ HÀ TẠ CAO CHU CHÂU LƯU LƯƠNG THÁI TỐNG QUÁCH LA LẠI NGHIÊM VI MẠC KIỀU KHÚC ĐÀM ĐỒNG ĐỔNG TRIỆU
THẠCH TĂNG ÔNG UÔNG VĂN DIỆP DOÃN GIÁP GIANG HỨA KHỔNG KIM LỤC LỮ MẠNH NINH NHỮ ÂU BẠCH BẾ CẦM CÙ HÁN HẦU LÒ
LƯỜNG QUÀNG THÂN TIÊU TÔN TỪ VIÊN YÊN ĐIÊU ĐỚI SẦM NÔNG HOA THIỀU PHÍ ĐẬU CÁT CẤN DƯ LƯ ỨNG
"""
_MIDDLE_LIST = """
VĂN THỊ ĐỨC HỮU QUỐC NGỌC THANH MINH XUÂN THẾ ĐÌNH CÔNG KIM BÍCH THÚY PHƯƠNG GIA BẢO HOÀNG ANH DUY QUANG TRỌNG
THÀNH TUẤN TIẾN BÁ SỸ SĨ VIẾT HỒNG THU MỸ DIỆU KHÁNH HẢI NHẬT TRUNG TẤN CHÍ MẠNH VIỆT PHÚC LAN MAI TUYẾT NHƯ
QUỲNH CẨM ÁNH TƯỜNG ĐĂNG HUY NAM THÁI THIÊN TRÚC YẾN LINH HÀ THẢO
"""
FAMILY_NAMES = frozenset(_FAMILY_LIST.split())
MIDDLE_NAMES = frozenset(_MIDDLE_LIST.split())


def _by_letters(names: frozenset[str]) -> dict[str, str]:
    """The one name for each spelling without accents; spellings that several names share are left out."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(fold(name), []).append(name)
    return {letters: written[0] for letters, written in found.items() if len(written) == 1}


_FAMILY, _MIDDLE = _by_letters(FAMILY_NAMES), _by_letters(MIDDLE_NAMES)


def likely_family_name(word: str) -> str | None:
    """The family name that a reading in capitals without its right accents must mean: "NGUYÊN" → "NGUYỄN".

    None when it is one already, or when several or none have these letters.
    """
    return None if word in FAMILY_NAMES else _FAMILY.get(fold(word))


def likely_middle_name(word: str) -> str | None:
    """The same for a middle name."""
    return None if word in MIDDLE_NAMES else _MIDDLE.get(fold(word))
