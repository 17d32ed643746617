"""Scans of a day made searchable, against bare `ocrmypdf --deskew` with the same model on the same pages, by turns.

Three sets: ten noisy, crooked pages at 300 dpi; ten crooked pages with little noise, which both sides can read (on the
very noisy ones of the first set ocrmypdf finds no text, and is done with them sooner); and a mixed day (`MIX`). Ours is
the whole chain: page analysis, codes, skew, recognition, second reading of capitals, text layer, PDF/A-2b, thumbnails.
Both run as programs of their own on JOBS threads; seconds and processor seconds of each, pages a minute, the largest
memory, the share of words wrong, and how many pages came out with fewer than half of their words ("unread").
A further part reads names in capitals with and without the second reading (share of letters wrong), the last by the
whole chain: undisturbed, under red seals, crooked, photographed by hand.
EARLIER=FOLDER, a checkout of an earlier build, reads the mixed day too, by turns with ours.
PARTS=hard,light,mixed,names,disturbed leaves the others out. "ratio" is by the clock, which counts what else the
machine does (its load stands beside it); "processor_ratio" is the other's processor seconds by ours.
Run with `make bench NAME=scanning` (ROUNDS=2 unless set); the last line is the result as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from bench.programs import CHECKOUT, measure
from bench.scanned_pages import FONT, scanned, written
from digitization import tessdata
from digitization.handover import RESULT
from digitization.reading.capitals import reread_capitals
from digitization.reading.tesseract import read_lines
from vietnam.names import FAMILY_NAMES, MIDDLE_NAMES

NAME_FONTS = [FONT, FONT.with_name("Tinos-Bold.ttf"), FONT.with_name("Tinos-Italic.ttf")]
GIVEN = """
KỲ ANH DŨNG HẰNG HẠNH HỒNG HUỆ KHÁNH LOAN LỘC MỸ NGUYỆT NHUNG OANH PHÚC QUÝ QUYẾT SƠN TÂM THẢO THẮNG THỦY TIẾN
TOÀN TRÍ TUẤN TUYẾT UYÊN VIỆT VINH YẾN ÚT CƯỜNG ĐIỆP HIẾU HIỂN DIỄM THIỆN KIỀU MẪN"""
ROUNDS = int(os.environ.get("ROUNDS", "2"))
EARLIER = os.environ.get("EARLIER", "")
PARTS = os.environ.get("PARTS", "hard,light,mixed,names,disturbed").split(",")
JOBS = 2
GOAL_PAGES, GOAL_EARLIER, GOAL_LETTERS = 1.4, 2.0, 0.01
UNREAD = 0.5  # share of words wrong
# Kinds of page of the mixed day, and how many of each; "written" pages are born digital.
MIX = {"straight": 3, "light": 3, "bad": 2, "written": 4}
NAME_PAGES, NAMES_A_PAGE = 6, 20
DISTURBANCES, DISTURBED_PAGES, NAMES_DPI = ("none", "seals", "crooked", "photographed"), 3, 200


Run = tuple[dict[str, float], list[str]]  # what it took, the text of each page
Chain = Callable[[Path, Path], Run]


def wrong_share(said: str, true: str) -> float:
    """Share of the true words that are missing or different, in order."""
    words = true.split()
    same = sum(block.size for block in SequenceMatcher(a=words, b=said.split(), autojunk=False).get_matching_blocks())
    return 1 - same / len(words)


def ours(source: Path, folder: Path) -> Run:
    return _chain_of(CHECKOUT, source, folder)


def earlier(source: Path, folder: Path) -> Run:
    """The chain of an earlier checkout, with the libraries of ours."""
    return _chain_of(Path(EARLIER), source, folder)


def _chain_of(checkout: Path, source: Path, folder: Path) -> Run:
    folder.mkdir()
    command = [sys.executable, "-m", "digitization.ocr", str(source), "application/pdf", str(folder), str(JOBS), "1000"]
    used = measure(command, checkout)
    return used, json.loads((folder / RESULT).read_text())["texts"]


def other(source: Path, folder: Path) -> Run:
    folder.mkdir()
    target = folder / "searchable.pdf"
    options = ["--deskew", "--skip-text", "-l", "vie", "--jobs", str(JOBS), "--use-threads", "--optimize", "0"]
    options += ["--output-type", "pdfa", "--pdfa-backend", "internal", "--rasterizer", "pypdfium"]
    command = [sys.executable, "-m", "ocrmypdf", *options, "--plugin", "bench/ocrmypdf_engine.py"]
    used = measure([*command, str(source), str(target)], CHECKOUT)
    with pypdfium2.PdfDocument(target) as document:
        return used, [page.get_textpage().get_text_bounded() for page in document]


def compare(name: str, source: Path, texts: list[str], folder: Path, against: Chain = other) -> dict[str, Any]:
    rows: dict[str, list[Run]] = {"ours": [], "other": []}
    for turn in range(ROUNDS):
        sides = [("ours", ours), ("other", against)]
        for side, run in sides if turn % 2 == 0 else reversed(sides):
            rows[side].append(run(source, folder / f"{name}-{turn}-{side}"))
    result: dict[str, Any] = {"pages": len(texts)}
    for side, runs in rows.items():
        best = {key: min(used[key] for used, _texts in runs) for key in runs[0][0]}
        wrong = [wrong_share(said, true) for said, true in zip(runs[0][1], texts, strict=True)]
        result[side] = {
            **{key: round(value, 1) for key, value in best.items()},
            "pages_a_minute": round(60 * len(texts) / best["seconds"], 1),
            "words_wrong": round(sum(wrong) / len(wrong), 4),
            "unread": sum(share > UNREAD for share in wrong),
        }
    result["ratio"] = round(result["ours"]["pages_a_minute"] / result["other"]["pages_a_minute"], 2)
    result["processor_ratio"] = round(result["other"]["cpu"] / result["ours"]["cpu"], 2)
    result["load"] = os.getloadavg()
    return result


def capitals() -> dict[str, float]:
    """Share of letters wrong in names in capitals, without and with the second reading."""
    first_wrong = second_wrong = letters = 0
    for number in range(NAME_PAGES):
        chance = random.Random(number)
        family, middle, given = sorted(FAMILY_NAMES), sorted(MIDDLE_NAMES), GIVEN.split()
        names = [f"{chance.choice(family)} {chance.choice(middle)} {chance.choice(given)}" for _ in range(NAMES_A_PAGE)]
        font_file = NAME_FONTS[number % len(NAME_FONTS)]
        dpi = (150, 200, 300)[number % 3]
        page = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
        pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(font_file), round(13 * dpi / 72))
        for row, name in enumerate(names):
            pen.text((round(0.8 * dpi), round((0.8 + 0.45 * row) * dpi)), name, font=font, fill=20)
        if number % 2:
            page = ImageChops.add(page, Image.effect_noise(page.size, 20), offset=-128)
        lines = read_lines(page, dpi)
        first = [line.text for line in lines]
        reread_capitals(lines, page)
        true = "\n".join(names)
        letters += len(true)
        first_wrong += edits("\n".join(first), true)
        second_wrong += edits("\n".join(line.text for line in lines), true)
    return {
        "letters": letters,
        "first_reading_wrong": round(first_wrong / letters, 4),
        "with_second_reading_wrong": round(second_wrong / letters, 4),
    }


def disturbed_capitals(folder: Path) -> dict[str, float]:
    """Share of letters wrong in names in capitals, read by the whole chain from pages as counters really see them."""
    found = {}
    for kind in DISTURBANCES:
        wrong = letters = 0
        for number in range(DISTURBED_PAGES):
            page, names = _page_of_names(number)
            path = folder / f"names-{kind}-{number}.pdf"
            _disturbed(page, kind, random.Random(number)).save(path, "PDF", resolution=NAMES_DPI, quality=85)
            _used, texts = ours(path, folder / f"names-{kind}-{number}")
            true = "\n".join(names)
            letters += len(true)
            wrong += edits("\n".join(line for line in texts[0].splitlines() if line.strip()), true)
        found[kind] = round(wrong / letters, 4)
    return found


def _page_of_names(number: int) -> tuple[Image.Image, list[str]]:
    chance = random.Random(500 + number)
    family, middle, given = sorted(FAMILY_NAMES), sorted(MIDDLE_NAMES), GIVEN.split()
    names = [f"{chance.choice(family)} {chance.choice(middle)} {chance.choice(given)}" for _ in range(NAMES_A_PAGE)]
    page = Image.new("RGB", (round(8.27 * NAMES_DPI), round(11.69 * NAMES_DPI)), "white")
    font = ImageFont.truetype(str(NAME_FONTS[number % len(NAME_FONTS)]), round(13 * NAMES_DPI / 72))
    pen = ImageDraw.Draw(page)
    for row, name in enumerate(names):
        pen.text((round(0.8 * NAMES_DPI), round((0.8 + 0.45 * row) * NAMES_DPI)), name, font=font, fill=(25, 25, 30))
    return page, names


def _disturbed(page: Image.Image, kind: str, chance: random.Random) -> Image.Image:
    """The page under red seals, laid crooked, or photographed by hand: from aside, in shade, a little out of focus."""
    width, height = page.size
    if kind == "seals":
        layer = Image.new("RGB", page.size, "white")
        pen = ImageDraw.Draw(layer)
        for _ in range(5):
            x, y, r = chance.randrange(width // 3), chance.randrange(height * 3 // 4), width // 9
            for inset in (0, 12, 70):
                box = (x + inset, y + inset, x + 2 * r - inset, y + 2 * r - inset)
                pen.ellipse(box, outline=(205, 40, 45), width=7)
        return ImageChops.multiply(page, layer)
    if kind == "none":
        return page
    if kind == "crooked":
        return page.rotate(chance.choice((-3.5, 2.8)), resample=Image.Resampling.BICUBIC, fillcolor="white")
    lean = width * 0.05
    corners = (-lean, -lean * 0.6, lean * 0.4, height + lean, width - lean * 0.2, height + lean * 0.5, width + lean, 0)
    seen = page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=(150, 140, 125))
    shade = Image.linear_gradient("L").rotate(90).resize(page.size).point(lambda value: 130 + value * 0.45)
    shaded = ImageChops.multiply(seen, shade.convert("RGB"))
    return shaded.filter(ImageFilter.GaussianBlur(0.8))


def edits(one: str, other: str) -> int:
    """Letters to change, leave out or add."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["OMP_THREAD_LIMIT"] = "1"
        os.environ["TESSDATA_PREFIX"] = str(tessdata.unpack(CHECKOUT / "node_modules", folder / "tessdata"))
        hard = folder / "hard.pdf"
        hard_texts = scanned(hard, ["bad", "light"] * 5)
        light = folder / "light.pdf"
        light_texts = scanned(light, ["light"] * 10)
        mixed, born = folder / "mixed.pdf", folder / "born.pdf"
        mixed_texts = scanned(mixed, [kind for kind, count in MIX.items() if kind != "written" for _ in range(count)])
        mixed_texts += written(born, MIX["written"])
        with pikepdf.open(mixed, allow_overwriting_input=True) as pdf, pikepdf.open(born) as more:
            for page in more.pages:
                # ReportLab's empty page transition, which ocrmypdf's own way to PDF/A does not know.
                if "/Trans" in page:
                    del page["/Trans"]
            pdf.pages.extend(more.pages)
            pdf.save(mixed)
        parts: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
            "hard": ("ten noisy, crooked pages", lambda: compare("hard", hard, hard_texts, folder)),
            "light": ("ten crooked pages, a little noisy", lambda: compare("light", light, light_texts, folder)),
            "mixed": ("mixed day", lambda: {"mix": MIX, **compare("mixed", mixed, mixed_texts, folder)}),
            "names": ("names in capitals", capitals),
            "disturbed": (
                "names in capitals, letters wrong by the whole chain",
                lambda: disturbed_capitals(folder),
            ),
        }
        found = {key: run() for key, (_title, run) in parts.items() if key in PARTS}
        detail: dict[str, Any] = {parts[key][0]: said for key, said in found.items()}
        if EARLIER:
            found["earlier"] = compare("earlier", mixed, mixed_texts, folder, earlier)
            detail["mixed day, against an earlier build"] = {"mix": MIX, **found["earlier"]}
    first = found.get("hard") or found.get("light") or found.get("mixed") or found.get("earlier") or {}
    print(
        json.dumps(
            {
                "name": "scanning",
                "ours": first.get("ours", {}).get("pages_a_minute"),
                "other": first.get("other", {}).get("pages_a_minute"),
                "ratio": first.get("ratio"),
                "goal": f"{GOAL_PAGES} times the pages a minute, {GOAL_EARLIER} times those of an earlier build on a "
                f"mixed day, capitals at most {GOAL_LETTERS:.0%} of letters wrong",
                "holds": all(_holds(key, said) for key, said in found.items()),
                "detail": {"unit": "pages a minute", **detail, "jobs": JOBS, "load": os.getloadavg()},
            },
            ensure_ascii=False,
        )
    )


def _holds(part: str, said: dict[str, Any]) -> bool:
    """Whether a part keeps its goal; of names under seals and in photographs there is none but to be seen."""
    if part == "names":
        return bool(said["with_second_reading_wrong"] <= GOAL_LETTERS)
    if part == "disturbed":
        return True
    goal = {"hard": GOAL_PAGES, "light": GOAL_PAGES, "earlier": GOAL_EARLIER}.get(part, 0.0)
    return bool(said["ratio"] >= goal and said["ours"]["words_wrong"] <= said["other"]["words_wrong"])


if __name__ == "__main__":
    main()
