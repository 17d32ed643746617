"""A call that failed is said in words, with the detail behind them."""

import pytest

from journal.failure_words import failure_in_words


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("HTTP 500", "Máy chủ bên kia đang lỗi"),
        ("HTTP 401", "không nhận khóa"),
        ("HTTP 422", "không nhận nội dung"),
        ("a file does not come: HTTP 404", "không có địa chỉ"),
        ("ConnectError: [Errno 111] Connection refused", "Không nối được"),
        ("ConnectError: [Errno -2] Name or service not known", "Không tìm thấy máy chủ"),
        ("ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "không được tin"),
        ("ReadTimeout: timed out", "không trả lời kịp"),
        ("NotAllowedOut: a.example:443 is no address that this installation may connect to", "OUTGOING_ALSO"),
        ("OSError: the address leads into a private network", "OUTGOING_PRIVATE_HOSTS"),
        ("the answer is no JSON", "không đọc được"),
        ("KeyError", "nhật ký ghi chi tiết"),
    ],
)
def test_what_is_kept_of_a_failure_is_said_with_its_detail(kept, words):
    said = failure_in_words(kept)
    assert words in said
    assert kept in said


def test_a_sentence_of_ours_stays_and_nothing_is_nothing():
    ours = "Kết luận “X” không có trong bảng ánh xạ (outcomes)."
    assert (failure_in_words(ours), failure_in_words("")) == (ours, "")
