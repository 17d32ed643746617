"""A made-up procedure as ``LayThuTuc`` answers it."""

from typing import Any

CODE = "1.900900"
SAMPLE: dict[str, Any] = {
    "MATTHC": CODE,
    "TENTTHC": "Cấp giấy xác nhận thử",
    "LINHVUCTHUCHIEN": [{"MALINHVUC": "G99-LV01", "TENLINHVUC": "Lĩnh vực thử"}],
    "CAPTHUCHIEN": [{"CAPTHUCHIEN": "4"}],
    "MOTADOITUONGTHUCHIEN": "Công dân Việt Nam; Doanh nghiệp",
    "COQUANTHUCHIEN": [{"MADONVI": "X", "TENDONVI": "Ủy ban nhân dân cấp xã"}],
    "TRINHTUTHUCHIEN": [{"TRUONGHOP": "", "TRINHTU": [{"TENTRINHTU": "Bước 1: nộp hồ sơ."}]}],
    "CACHTHUCTHUCHIEN": [
        {
            "KENH": "1",
            "THOIGIAN": [
                {
                    "THOIGIANGIAIQUYET": 3,
                    "DONVITINH": "Ngày làm việc",
                    "MOTA": "Nộp tại bộ phận một cửa",
                    "PHILEPHI": [{"SOTIEN": "20000", "DONVI": "Đồng", "MOTA": "Lệ phí: 20.000 đồng"}],
                }
            ],
        },
        {
            "KENH": 2,
            "THOIGIAN": [
                {
                    "THOIGIANGIAIQUYET": "3",
                    "DONVITINH": "Ngày làm việc",
                    "MOTA": "",
                    "PHILEPHI": [{"SOTIEN": 0, "DONVI": "Đồng", "MOTA": ""}],
                }
            ],
        },
    ],
    "THANHPHANHOSO": [
        {
            "TRUONGHOP": "",
            "GIAYTO": [{"MAGIAYTO": "GT1", "TENGIAYTO": "Đơn đề nghị", "SOBANCHINH": "1", "SOBANSAO": 0}],
        }
    ],
    "KETQUATHUCHIEN": [{"MAKETQUA": "KQ.G15.000099", "TENKETQUA": "Giấy xác nhận thử"}],
    "CANCUPHAPLY": [{"SOVANBAN": "01/2026/TT-BT", "TENVANBAN": "Thông tư thử"}],
    "YEUCAU": "",
}
