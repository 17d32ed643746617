"""What is read of a picture: under seals, in shade, crooked and noisy; what is read a second time."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from digitization import kinds
from digitization.reading import tesseract
from digitization.reading.capitals import reread_capitals
from digitization.reading.doubtful import reread_doubtful
from digitization.reading.findings import Line, Word
from digitization.reading.formulas import mend_formulas
from digitization.reading.pictures import split_red
from digitization.reading.second_reader import read_strip
from digitization.reading.skew import measured_skew
from digitization.reading.smoothing import median_of_nine
from tests.factories.scans import FONT, drawn, encoded, scanned_pdf

pytestmark = pytest.mark.usefixtures("models")


def test_red_seal_over_words_is_taken_away_first(read):
    seal = Image.new("RGB", drawn(dpi=300).size, "white")
    pen = ImageDraw.Draw(seal)
    for ring in range(3):
        edge = 26 * ring
        pen.ellipse((100 + edge, 300 + edge, 900 - edge, 1100 - edge), outline=(215, 40, 50), width=9)
    font = ImageFont.truetype(str(FONT), 60)
    for number in range(6):
        pen.text((250, 380 + 105 * number), "UBND PHƯỜNG", font=font, fill=(215, 40, 50))
    image = ImageChops.multiply(drawn(mode="RGB", dpi=300), seal)  # as ink lies over ink
    found = read(encoded(image, dpi=(300, 300)), kinds.PNG)
    assert "Trần Đức Phương" in found["text"]
    assert "Kinh Dương Vương" in found["text"]


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (2, 5), (97, 193)])
def test_smoothing_gives_the_medians_that_pillow_gives(size):
    noisy = Image.effect_noise(size, 60)
    assert median_of_nine(noisy).tobytes() == noisy.filter(ImageFilter.MedianFilter(3)).tobytes()


def test_red_is_looked_for_where_there_is_some():
    page = drawn(mode="RGB", dpi=150)
    assert split_red(page)[1] is None
    ImageDraw.Draw(page).ellipse((300, 300, 600, 600), outline=(205, 40, 45), width=2)
    without, red = split_red(page)
    assert red is not None
    assert red.getpixel((450, 300)) < 100 < 200 < without.getpixel((450, 300))


def test_title_in_red_is_read(read):
    image = drawn(mode="RGB", dpi=300)
    font = ImageFont.truetype(str(FONT), 80)
    ImageDraw.Draw(image).text((200, 1500), "Giấy chứng nhận quyền sử dụng", font=font, fill=(200, 20, 30))
    found = read(encoded(image, dpi=(300, 300)), kinds.PNG)
    assert "Giấy chứng nhận quyền" in found["text"]
    assert "Trần Đức Phương" in found["text"]


def test_photograph_with_a_shadow_is_read(read):
    image = drawn(dpi=200)
    shade = Image.linear_gradient("L").rotate(90).resize(image.size).point(lambda level: 70 + level * 0.6)
    found = read(encoded(ImageChops.multiply(image, shade), "JPEG"), kinds.JPEG)
    assert "Trần Đức Phương" in found["text"]


def test_capital_names_keep_their_accents(read):
    names = [
        "NGUYỄN PHƯƠNG TIẾN",
        "ĐẶNG BẢO HẠNH",
        "TRẦN XUÂN KỲ",
        "NGUYỄN THÚY MỸ",
        "TRẦN XUÂN NHUNG",
        "ĐẶNG HỮU LOAN",
    ]
    found = read(scanned_pdf(drawn(names)))
    assert [name for name in names if name not in found["text"]] == []


def test_line_of_clean_print_is_no_dirt():
    """Italic capitals with marks: Tesseract by itself gives up the line."""
    image = Image.new("L", (700, 200), 255)
    font = ImageFont.truetype(str(FONT.with_name("Tinos-Italic.ttf")), 36)
    ImageDraw.Draw(image).text((60, 60), "MAI HÀ HUỆ", font=font, fill=20)
    assert [line.text for line in tesseract.read_lines(image, 200)] == ["MAI HÀ HUỆ"]


@pytest.mark.parametrize("lain", [(-8, 0, 0), (6, 60, 0), (0, 25, 0), (2.5, 25, 90), (-4, 60, 90)])
def test_skew_is_measured_whatever_the_noise(lain):
    """The layout analysis of Tesseract finds none at 8 degrees, and now and then none in noise."""
    angle, grain, turned = lain
    noise = np.random.default_rng(1).normal(0, grain, (1654, 1166))
    page = drawn(["Người được ủy quyền nộp hồ sơ đất đai"] * 18, skew=angle).resize((1166, 1654))
    noisy = Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype(np.uint8)).rotate(turned, expand=True)
    assert measured_skew(noisy) == pytest.approx(-angle, abs=0.3)
    assert measured_skew(Image.fromarray(np.clip(250 + noise, 0, 255).astype(np.uint8))) == 0.0


def test_line_of_capitals_as_long_as_a_page_is_read_in_pieces():
    """The second reader fails on a picture wider than it was made for, and the page with it."""
    words = [Word("THÀNH", (10 + 200 * n, 20, 200 * n + 190, 50), 0.9) for n in range(12)]
    reread_capitals([Line(words)], Image.new("L", (2500, 80), 255))
    assert [word.text for word in words] == ["THÀNH"] * 12
    assert read_strip(Image.new("L", (2500, 80), 255), words) == []


@pytest.mark.parametrize(("sureness", "said"), [(0.9, "liền"), (0.97, "liên")])
def test_accent_that_is_not_sure_is_read_a_second_time(sureness, said):
    image = Image.new("L", (300, 100), 255)
    ImageDraw.Draw(image).text((40, 20), "liền", font=ImageFont.truetype(str(FONT), 50), fill=20)
    box = image.point(lambda level: 255 - level).getbbox()
    word = Word("liên", box, sureness)
    reread_doubtful([Line([word])], image)
    assert word.text == said


def test_words_like_a_family_name_stay_where_no_name_is():
    """TÀI NGUYÊN does not become TÀI NGUYỄN."""
    image = drawn(["SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"])
    line = Line([Word(text, (0, 0, 1, 1), 0.9) for text in ["TÀI", "NGUYÊN", "VÀ", "MÔI", "TRƯỜNG"]])
    reread_capitals([line], image)
    assert line.text == "TÀI NGUYÊN VÀ MÔI TRƯỜNG"


def test_country_and_motto_are_put_right():
    assert mend_formulas("Cộng hảa xã hội chủ nghĩa Việt Nam. Giấy") == "Cộng hòa xã hội chủ nghĩa Việt Nam. Giấy"
    assert mend_formulas("CỘNG HÒA XÃ HỘI CHỦ NGHIA VIỆT NAM") == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert mend_formulas("cộng đồng xã hội và nghĩa vụ của Việt Nam") == "cộng đồng xã hội và nghĩa vụ của Việt Nam"


@pytest.mark.parametrize(
    ("text", "after"), [("(liên),", "(liền),"), ("«liên»", "«liền»"), ("liên", "liền"), ("liền.", "liền.")]
)
def test_word_is_put_right_between_its_marks(text, after):
    word = Word(text, (0, 0, 1, 1), 0.9)
    assert word.bare in ("liên", "liền")
    assert word.put_right("liền") is (text != after)
    assert word.text == after
