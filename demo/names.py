"""The names of the demonstration's people, streets and enterprises; none is anybody's."""

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Hà",
    "Chu",
]
MIDDLE = ("Thị", "Văn", "Thu", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Hồng", "Hữu")
GIVEN = [
    "Mai",
    "Hùng",
    "Lan",
    "Sơn",
    "Hương",
    "Dũng",
    "Hạnh",
    "Cường",
    "Ánh",
    "Tuấn",
    "Yến",
    "Bình",
    "Nga",
    "Khánh",
    "Thảo",
    "Phúc",
    "Oanh",
    "Việt",
    "Quỳnh",
]
STREETS = ("Lý Thái Tổ", "Hùng Vương", "Nguyễn Trãi", "Ngô Gia Tự", "Lê Lợi", "Trần Hưng Đạo")
ENTERPRISES = (
    "Công ty TNHH Gốm Phù Lãng Xanh",
    "Công ty Cổ phần May Quan Họ",
    "Công ty TNHH Xây dựng Sông Cầu",
    "Công ty TNHH Nông sản Lục Ngạn Việt",
    "Công ty Cổ phần Cơ khí Từ Sơn Mới",
)


def full_name_of(number: int) -> str:
    """The same name for the same number; no two below 285 alike."""
    given = GIVEN[number % len(GIVEN)]
    woman = number % len(GIVEN) % 2 == 0
    middle = [m for i, m in enumerate(MIDDLE) if (i % 2 == 0) == woman][number // len(GIVEN) % 5]
    return f"{FAMILY[number % len(FAMILY)]} {middle} {given}"
