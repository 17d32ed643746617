"""Mistyped words, words that sound alike, words written together; and why one stands before another."""

import pytest

from procedures.models import Procedure
from procedures.models.search import SearchWord
from procedures.public.listing import public_procedures
from procedures.search import index, query, spelling
from procedures.search.ranking import Names, Word, rank
from tests.procedures.searching import first_found


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("dag ky khai sinh", "1.001193"),  # a letter missing
        ("khaai sinh", "1.001193"),  # one too many
        ("kahi sinh", "1.001193"),  # changed places
        ("khai xinh", "1.001193"),  # sounds alike
        ("đăng kí kết hôn", "1.000894"),
        ("khaisinh", "1.001193"),  # written together
        ("tach thưa dat", "1.012784"),
        ("giay phep xay dugn", "1.013225"),
    ],
)
def test_a_mistyped_question_is_understood(catalogue, question, code):
    assert first_found(question) == [code]


def test_accents_of_the_question_count(catalogue):
    assert first_found("sổ đỏ ghi sai tên") == ["1.012790"]


def test_what_is_not_asked_for_stands_behind(catalogue):
    """ "Mất" asks for a new copy, and nothing asks for one when the first is wanted."""
    assert first_found("mất thẻ căn cước") == ["1.014064"]
    assert first_found("thẻ căn cước cho người trên 14 tuổi") == ["1.014061"]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("làm căn cước cho bé 6 tuổi", "1.012549"),  # an age within the one of the title
        ("làm căn cước cho cháu 15 tuổi", "1.014061"),
        ("lập công ty tnhh 2 thành viên", "2.001199"),  # a number as a word
        ("đổi thẻ BHYT sai tên", "1.002759"),  # an abbreviation, and the second act of a title
        ("mất GPLX", "3.000348"),
        ("cấp đổi căn cước công dân gắn chip", "1.014063"),  # a former name
        ("xóa tạm trú", "1.010028"),  # a name that answers half of the question does not win
        ("báo tử cho ông ngoại", "1.000656"),  # for whom it is says little
        ("mở cửa hàng bán thuốc trừ sâu", "1.004363"),  # everyday words
        ("marry a foreigner", "2.000806"),  # a name of its own, with a word that questions lose
        ("trich luc", "2.000635"),  # said of the register of civil status where nothing else is said
    ],
)
def test_what_people_say_and_what_titles_say(catalogue, question, code):
    assert first_found(question) == [code]


@pytest.mark.parametrize(
    ("one", "other"), [("khai", "kahi"), ("sinh", "xinh"), ("tru", "chu"), ("ly", "li"), ("dang", "dag"), ("2", "hai")]
)
def test_near_words_share_a_form(one, other):
    assert set(spelling.word_forms(one)) & set(spelling.word_forms(other))


def test_far_words_share_none():
    assert not set(spelling.word_forms("khai")) & set(spelling.word_forms("sinh"))
    assert not set(spelling.word_forms("to")) & set(spelling.word_forms("ho"))


def test_words_are_counted_as_often_as_procedures_have_them(catalogue):
    counted = SearchWord.objects.get(word="khai").procedures
    having = [text for text in Procedure.objects.values_list("search_text", flat=True) if "khai" in _words(text)]
    assert counted == len(having)
    Procedure.objects.filter(code="1.001193").update(search_text="khai sinh\n\n\n\n")
    assert index.index_all() == 1
    assert SearchWord.objects.get(word="khai").procedures == counted


def test_the_order_says_why(catalogue):
    (_pk, points), *_rest = query.ranked_procedures("đăng ký khai sinh", public_procedures())
    assert points.name == "dang ky khai sinh"
    assert points.answered == points.kept_to == points.together == points.written == 1.0
    assert points.act == 0


def test_words_that_stand_together_are_worth_more_than_scattered_ones():
    question = [Word(word, {word: 1.0}, 1.0) for word in ("khai", "tu")]
    near, far = Names.read("dang ky khai tu"), Names.read("khai thue tu nuoc ngoai")
    assert rank(question, near).total > rank(question, far).total


def _words(text: str) -> set[str]:
    return set(" ".join(text.split("\n")[:4]).replace("|", " ").split())


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("bố mất", "1.000656"),  # "mất" of a person is no lost paper
        ("ông ngoại tôi vừa qua đời", "1.000656"),
        ("chồng mất sổ đỏ", "1.012786"),  # and of a thing it is
        ("nghỉ hưu", "1.014027"),
        ("hộ kd", "1.001612"),
        ("đk hộ kd", "1.001612"),
        ("tạm chú", "1.004194"),
        ("nàm căn cước", "1.014061"),  # l and n
        ("get married", "1.000894"),
        ("open a restaurant", "1.001612"),
        ("lost my id card", "1.014064"),
        ("mở quán cà phê", "1.001612"),
        ("retire", "1.014027"),
    ],
)
def test_life_events_slips_abbreviations_and_english(catalogue, question, code):
    assert code in first_found(question, 2)


@pytest.mark.parametrize("question", ["đăng ký khai sinh", "bố mất", "get married", "1.001193", "tach thưa dat"])
def test_a_question_with_an_answer_fits(catalogue, question):
    assert query.fits_question(question, public_procedures())


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("marry a foreigner", "2.000806"),  # a synonym that does not stand first
        ("giay khai sing", "1.001193"),  # a slip beside a word that it belongs to
        ("hộ kinh zoanh", "1.001612"),
        ("sửa nhà", "1.014632"),
        ("trông trẻ tại nhà", "1.012971"),
        ("health insurance card lost", "1.002759"),
        ("giấy phép xây zựng", "1.013225"),
        ("trợ cấp thất nghệp", "1.001978"),
        ("chuyễn trường tiễu học", "1.005099"),
    ],
)
def test_an_answer_that_stands_behind_or_is_mistyped_fits(catalogue, question, code):
    assert code in first_found(question, 5)
    assert query.fits_question(question, public_procedures())


@pytest.mark.parametrize(
    "question",
    [
        "thời tiết ngày mai",
        "mua vé máy bay giá rẻ",
        "how to cook rice",
        "zzz qqq",
        "cách nấu phở bò",
        "book a hotel room",
    ],
)
def test_where_nothing_fits_the_page_says_so_and_shows_life_events(catalogue, client, question):
    page = client.get("/procedures/", {"q": question})
    assert page.context.get("nothing_fits"), question
    said = page.content.decode()
    assert "event=birth" in said
    assert len(page.context["cards"]) <= 5, "no more than a few guesses, said to be such"
    assert ("Có thể liên quan, nhưng không chắc" in said) == bool(page.context["cards"])
    assert "đang xem từ" not in said
    later = client.get("/procedures/", {"q": question, "page": "2"})
    assert later.context.get("nothing_fits")
    assert not later.context["cards"]
