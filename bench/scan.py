"""Scanned pages made searchable, against Tesseract alone on the same pictures of the same pages.

Ours is the whole chain: orientation, skew, straightening, recognition, text layer, PDF/A, thumbnails, text.
`other` hands the pictures to Tesseract as they are. Both in seconds of processor time a page; the detail has the
share of words that each gets wrong, by kind of page: straight, lightly and badly scanned, upside down (all drawn).
Run with `make bench NAME=scan` (PAGES=12 unless set); the last line is the result as JSON.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from digitization import kinds, tessdata
from digitization.handover import RESULT

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = int(os.environ.get("PAGES", "12"))
JOBS = 2
DPI = 300
# Kind of page: (degrees of skew, noise, degrees turned).
KINDS = {"straight": (0.0, 0, 0), "light": (2.5, 25, 0), "bad": (-4.0, 60, 0), "upside down": (0.5, 15, 180)}
# ocrmypdf --deskew over the system's own Tesseract was seen to cost 4.3 to 4.8 times bare recognition;
# the chain may cost about as much without it, and must read what bare recognition cannot.
GOAL_RATIO, GOAL_WRONG = 5.0, 0.02

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


def draw(number: int) -> tuple[Image.Image, str, str]:
    """(picture, its text, its kind); always the same for one number."""
    chance = random.Random(number)
    kind = list(KINDS)[number % len(KINDS)]
    skew, noise, turned = KINDS[kind]
    lines = [chance.choice(_SENTENCES) for _ in range(24)]
    page = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(CHECKOUT / "papers" / "fonts" / "Tinos-Regular.ttf"), round(12 * DPI / 72))
    for row, line in enumerate(lines):
        pen.text((round(0.8 * DPI), round((1 + 0.38 * row) * DPI)), line, font=font, fill=0)
    if skew:
        page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        page = ImageChops.add(page, Image.effect_noise(page.size, noise), offset=-128)
    return page.rotate(turned), " ".join(lines), kind


def wrong_share(said: str, true: str) -> float:
    """Share of the true words that are missing or different, in order."""
    words = true.split()
    same = sum(block.size for block in SequenceMatcher(a=words, b=said.split(), autojunk=False).get_matching_blocks())
    return 1 - same / len(words)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(pages: list[Image.Image], folder: Path) -> tuple[float, list[str]]:
    source = folder / "pages.pdf"
    pages[0].save(source, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=80)
    command = [sys.executable, "-m", "digitization.ocr", str(source), kinds.PDF, str(folder), str(JOBS), "1000"]
    began = _children_seconds()
    program = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    program.stdout.read()
    if program.wait():
        sys.exit("The OCR program failed; see above.")
    return _children_seconds() - began, json.loads((folder / RESULT).read_text())["texts"]


def other(pages: list[Image.Image]) -> tuple[float, list[str]]:
    from tesserocr import OEM, PSM, PyTessBaseAPI

    def read(page: Image.Image) -> str:
        with PyTessBaseAPI(path=os.environ["TESSDATA_PREFIX"], lang="vie", oem=OEM.LSTM_ONLY, psm=PSM.AUTO) as reader:
            reader.SetImage(page)
            return reader.GetUTF8Text()

    began = time.process_time()
    with ThreadPoolExecutor(JOBS) as pool:
        texts = list(pool.map(read, pages))
    return time.process_time() - began, texts


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["OMP_THREAD_LIMIT"] = "1"
        os.environ["TESSDATA_PREFIX"] = str(tessdata.unpack(CHECKOUT / "node_modules", folder / "tessdata"))
        drawn = [draw(number) for number in range(PAGES)]
        pictures = [picture for picture, _text, _kind in drawn]
        our_seconds, our_texts = ours(pictures, folder)
        other_seconds, other_texts = other(pictures)
    wrong: dict[str, dict[str, list[float]]] = {}
    for (_picture, text, kind), mine, theirs in zip(drawn, our_texts, other_texts, strict=True):
        row = wrong.setdefault(kind, {"ours": [], "other": []})
        row["ours"].append(wrong_share(mine, text))
        row["other"].append(wrong_share(theirs, text))
    words = {k: {who: round(sum(all_) / len(all_), 4) for who, all_ in row.items()} for k, row in wrong.items()}
    worst = max(row["ours"] for row in words.values())
    ratio = our_seconds / other_seconds
    print(
        json.dumps(
            {
                "name": "scan",
                "ours": round(our_seconds / PAGES, 2),
                "other": round(other_seconds / PAGES, 2),
                "ratio": round(ratio, 2),
                "goal": f"under {GOAL_RATIO:.0f} times bare recognition, at most {GOAL_WRONG:.0%} of words wrong",
                "holds": ratio < GOAL_RATIO and worst <= GOAL_WRONG,
                "detail": {
                    "unit": "processor seconds a page",
                    "pages": PAGES,
                    "jobs": JOBS,
                    "share_of_words_wrong": words,
                },
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
