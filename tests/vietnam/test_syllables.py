"""What reads like Vietnamese, and texts from before Unicode."""

import pytest

from vietnam.legacy_encodings import legacy_encoding, to_unicode
from vietnam.names import likely_family_name, likely_middle_name
from vietnam.syllables import is_syllable, text_quality

SYLLABLES = """
NGUYỄN nghiêng quốc giấy ủy uỷ khuỷu thuở hoa gì quyền người khuya xoong Ý
"""


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables_of_the_language(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["HQI", "C0NG", "ViÖt", "chñ", "h¶a", "mat", "cap", "strength", "Wz", "ấấ"])
def test_what_no_vietnamese_syllable_is(word):
    """ "mat" and "cap" end in a stop, so they need the tone sắc or nặng."""
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Người được ủy quyền nộp hồ sơ đất đai", "vietnamese"),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "vietnamese"),
        ("C0NG HOA XA HQI CHU NGHlA VlET NAM", "plain"),
        ("Céng h¶a x· héi chñ nghÜa ViÖt Nam. GiÊy ñy quyÒn", "garbled"),
        ("1", "little"),
        ("", "little"),
    ],
)
def test_verdict_on_a_text(text, verdict):
    assert text_quality(text).verdict == verdict


@pytest.mark.parametrize(
    ("before", "encoding", "after"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "tcvn3", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§¬n ®Ò nghÞ cÊp giÊy phÐp", "tcvn3", "Đơn đề nghị cấp giấy phép"),
        ("ñy ban nh©n d©n", "tcvn3-capitals", "ỦY BAN NHÂN DÂN"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "vni", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("ÑÔN ÑEÀ NGHÒ CAÁP GIAÁY PHEÙP", "vni", "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP"),
        ("đã là Unicode", "", "đã là Unicode"),
    ],
)
def test_texts_from_before_unicode(before, encoding, after):
    assert to_unicode(before, encoding) == after


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3-capitals"),
        ("ABCDEF+.VnArialH-Bold", "tcvn3-capitals"),
        (".VnArial,Bold", "tcvn3"),
        ("VNI-Times", "vni"),
        ("ABCDEF+VNI-Helve-Condense", "vni"),
        ("TimesNewRomanPSMT", ""),
        ("VNISomething", ""),
    ],
)
def test_fonts_that_name_an_encoding(font, encoding):
    assert legacy_encoding(font) == encoding


def test_names_that_a_reading_must_mean():
    assert likely_family_name("NGUYÊN") == "NGUYỄN"
    assert likely_family_name("ĐĂNG") == "ĐẶNG"
    assert likely_family_name("NGUYỄN") is None  # is one
    assert likely_family_name("VŨ") is None  # so is this, and VÕ has other letters
    assert likely_family_name("HOANG") == "HOÀNG"
    assert likely_middle_name("THI") == "THỊ"
    assert likely_middle_name("SI") == "SĨ"
