"""Pages as counters scan them, drawn here with the text that stands on them: what benches of scanning read."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = Path(__file__).resolve().parent.parent / "papers" / "fonts" / "Tinos-Regular.ttf"
DPI = 300
# Kind of page: (degrees of skew, noise, degrees turned).
KINDS = {
    "straight": (0.0, 0, 0),
    "light": (2.5, 25, 0),
    "crooked": (-2.0, 0, 0),
    "bad": (-4.0, 60, 0),
    "upside down": (0.5, 15, 180),
}

_SENTENCES = [
    "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc",
    "Kính gửi Ủy ban nhân dân phường Kinh Bắc, tỉnh Bắc Ninh",
    "Họ, chữ đệm, tên người yêu cầu: Nguyễn Thị Hằng, sinh ngày 12 tháng 9 năm 1990",
    "Nơi cư trú: số 31 đường Kinh Dương Vương, phường Kinh Bắc",
    "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây, kèm theo giấy chứng sinh",
    "Tôi cam đoan những lời khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật",
    "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
    "Mức thu lệ phí theo nghị quyết của Hội đồng nhân dân tỉnh là 1.500.000 đồng",
]


def draw(number: int, kind: str) -> tuple[Image.Image, str]:
    """(picture of a page, its text); always the same for one number."""
    chance = random.Random(number)
    skew, noise, turned = KINDS[kind]
    lines = [chance.choice(_SENTENCES) for _ in range(24)]
    page = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), round(12 * DPI / 72))
    for row, line in enumerate(lines):
        pen.text((round(0.8 * DPI), round((1 + 0.38 * row) * DPI)), line, font=font, fill=0)
    if skew:
        page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        grain = np.random.default_rng(number).normal(0, noise, (page.height, page.width))
        page = Image.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))
    return page.rotate(turned), " ".join(lines)


def scanned(path: Path, kinds: list[str]) -> list[str]:
    """Write a PDF of such pages; returns the text of each."""
    drawn = [draw(number, kind) for number, kind in enumerate(kinds)]
    pages = [picture for picture, _text in drawn]
    pages[0].save(path, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=80)
    return [text for _picture, text in drawn]


def written(path: Path, count: int) -> list[str]:
    pdfmetrics.registerFont(TTFont("paper", str(FONT)))
    canvas, texts = Canvas(str(path), initialFontName="paper"), []  # no font that is not embedded
    for number in range(count):
        chance = random.Random(1000 + number)
        lines = [chance.choice(_SENTENCES) for _ in range(24)]
        for row, line in enumerate(lines):
            canvas.setFont("paper", 12)
            canvas.drawString(60, 760 - 28 * row, line)
        canvas.showPage()
        texts.append(" ".join(lines))
    canvas.save()
    return texts
