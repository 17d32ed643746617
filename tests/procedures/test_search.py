"""What people type and what must come first."""

import unicodedata

import pytest

from procedures.models import Procedure
from tests.procedures.searching import first_found


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("dang ky khai sinh", "1.001193"),
        ("Đăng ký khai sinh", "1.001193"),
        ("ĐĂNG KÝ KHAI SINH", "1.001193"),
        ("khai sinh", "1.001193"),
        ("thủ tục đăng ký khai sinh", "1.001193"),
        ("lam khai sinh", "1.001193"),
        ("dang ky khai sin", "1.001193"),
        ("cap lai giay khai sinh", "2.000635"),
        ("1.001193", "1.001193"),
        ("1.0011", "1.001193"),
        ("kết hôn", "1.000894"),
        ("sổ đỏ", "1.013978"),
        ("giấy phép xây nhà", "1.013225"),
        ("đăng ký kinh doanh hộ", "1.001612"),
        ("sao y bản chính", "2.000815"),
        ("tạm trú", "1.004194"),
        ("thường trú", "1.004222"),
        ("giấy độc thân", "1.004873"),
        ("khai tử", "1.000656"),
        ("birth registration", "1.001193"),
        ("hộ chiếu", "1.001456"),
    ],
)
def test_comes_first(catalogue, question, code):
    assert first_found(question) == [code]


def test_a_synonym_of_several_procedures_brings_them_all_first(catalogue):
    assert set(first_found("mở công ty", 3)) == {"2.001583", "2.001199", "2.002043"}


def test_decomposed_letters_find_the_same(catalogue):
    assert first_found(unicodedata.normalize("NFD", "Đăng ký khai sinh")) == ["1.001193"]


def test_an_eth_of_an_old_font_finds_what_the_vietnamese_letter_finds(catalogue):
    """It looks the same, and many texts that were converted from old encodings carry it."""
    assert first_found("\u00d0ăng ký khai sinh", 20) == first_found("Đăng ký khai sinh", 20)


def test_some_words_are_enough_when_none_has_all(catalogue):
    assert "1.000894" in first_found("kết hôn xyzzy", 10)


@pytest.mark.parametrize("question", ["%", "'", "\x00", "' OR 1=1 --", "🙂", "&|!:*()", "a" * 5000, "\\", "<b>", "__"])
def test_odd_questions_are_answered(catalogue, client, question):
    for address in ("/procedures/", "/procedures/suggest", "/places/"):
        assert client.get(address, {"q": question}).status_code == 200


def test_internal_procedures_are_never_shown(catalogue, client):
    Procedure.objects.filter(code="1.001193").update(kind=Procedure.Kind.INTERNAL)
    assert "1.001193" not in first_found("dang ky khai sinh", 50)
    assert client.get("/procedures/1.001193/").status_code == 404
