"""The national portal and the post that run beside a portal know after a restart what they were told before."""

from pathlib import Path

from simulators.kept import Kept
from simulators.national.book import Book as National
from simulators.post.book import Book as Post

LOGIN = {"username": "tinh", "password": "mat-khau"}


def national(file: Path) -> tuple[National, str]:
    book = National(**LOGIN, kept=Kept(file))
    return book, book.login(LOGIN)["session"]


def test_the_national_portal_knows_its_dossiers_progress_and_files(tmp_path):
    file = tmp_path / "new" / "national.sqlite"
    book, session = national(file)
    filed = book.file_dossier({"ChuHoSo": "Ánh"}, [("don.pdf", "application", b"%PDF-\x00")], "20261130080000")
    told = {"session": session, "service": "DongBoHoSoMC", "isUpdating": "False", "data": [{"MaHoSo": "H05-1"}]}
    assert book.call(told)["error_code"] == "00"
    act = {"MaHoSo": "H05-1", "TrangThai": "4"}
    assert book.call({"session": session, "service": "CapNhatTienDoHoSoMC", "data": [act]})["error_code"] == "00"
    book.answer_supplement(filed, "Đã bổ sung", [], "20261130090000")
    again, session = national(file)
    assert (again.dossiers, again.progress, again.changed, again.files) == (
        book.dossiers,
        {"H05-1": [act]},
        book.changed,
        book.files,
    )
    listed = again.call({"session": session, "service": "LayDanhSachHoSo", "tuNgay": "20261130000000"})
    assert [row["MaHoSo"] for row in listed["result"]] == [filed]
    assert again.file_dossier({}, [], "20261130100000") != filed


def test_the_post_knows_its_orders(tmp_path):
    file = tmp_path / "post.sqlite"
    said = {"diaChi": "12 Nguyễn Gia Thiều", "dienThoai": "0912345678", "maThamChieu": "1"}
    book = Post("khoa", kept=Kept(file))
    number = book.take(said)["soHieu"]
    book.move(number, "DA_PHAT", signed_by="Trần Thị Nhận")
    again = Post("khoa", kept=Kept(file))
    assert again.orders == book.orders
    assert again.take(said)["soHieu"] == number, "one order for one reference"
