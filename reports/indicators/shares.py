"""Shares: parts of a whole. The three shares of timeliness answer three questions and have three names."""

from django.utils.translation import gettext_lazy as _

from reports.indicators.kinds import PRACTICE, Share

SHARES = (
    Share(
        "early_of_received",
        _("Trước hạn trên tiếp nhận"),
        _("Hồ sơ giải quyết sớm trong kỳ so với hồ sơ tiếp nhận trong kỳ, như các tỉnh công khai."),
        ("early",),
        ("received",),
        PRACTICE,
    ),
    Share(
        "on_time_of_settled",
        _("Đúng hạn trên đã giải quyết"),
        _("Hồ sơ giải quyết sớm hoặc đúng hạn so với hồ sơ có thời hạn đã giải quyết trong kỳ; không tính hồ sơ treo."),
        ("early", "on_time"),
        ("early", "on_time", "late"),
        _("Nghị định số 118/2025/NĐ-CP (công thức chờ xác nhận)"),
    ),
    Share(
        "on_time_of_settled_original",
        _("Đúng hạn theo ngày hẹn đầu"),
        _("Như tỷ lệ đúng hạn trên đã giải quyết, xét theo ngày hẹn ghi khi tiếp nhận, kể cả khi hạn đã dời."),
        ("early_original", "on_time_original"),
        ("early_original", "on_time_original", "late_original"),
        PRACTICE,
    ),
    Share(
        "on_time_share",
        _("Đúng hạn, tính cả hồ sơ treo"),
        _("Hồ sơ giải quyết sớm hoặc đúng hạn so với hồ sơ có thời hạn đã giải quyết và hồ sơ quá hạn chưa xong."),
        ("early", "on_time"),
        ("early", "on_time", "late", "missed"),
    ),
    Share(
        "online_share",
        _("Nộp trực tuyến"),
        _("Hồ sơ nộp trực tuyến so với hồ sơ tiếp nhận của thủ tục có cung cấp trực tuyến."),
        ("online_full", "online_partial"),
        ("online_offered",),
    ),
    Share(
        "noncash",
        _("Thanh toán không tiền mặt"),
        _("Hồ sơ nộp phí, lệ phí không dùng tiền mặt so với hồ sơ nộp phí, lệ phí trong kỳ."),
        ("fees_noncash",),
        ("fees",),
    ),
    Share(
        "digitised_share",
        _("Số hóa hồ sơ"),
        _("Hồ sơ tiếp nhận có đủ bản điện tử so với hồ sơ tiếp nhận trong kỳ có giấy tờ phải số hóa."),
        ("digitised",),
        ("to_digitise",),
    ),
    Share(
        "reused_share",
        _("Tỷ lệ dùng lại giấy tờ"),
        _("Hồ sơ có giấy tờ lấy từ kho so với hồ sơ tiếp nhận trong kỳ."),
        ("reused",),
        ("received",),
    ),
    Share(
        "digital_result_share",
        _("Trả kết quả điện tử"),
        _("Hồ sơ có kết quả điện tử so với hồ sơ có kết quả trong kỳ."),
        ("digital_result",),
        ("finished",),
    ),
    Share(
        "satisfaction",
        _("Mức độ hài lòng"),
        _("Hồ sơ được từ 4 sao so với hồ sơ được người nộp đánh giá."),
        ("satisfied",),
        ("rated",),
    ),
    Share(
        "reminder_effect",
        _("Đôn đốc có kết quả"),
        _("Hồ sơ chuyển bước trong ba ngày sau khi được đôn đốc so với hồ sơ được đôn đốc trong kỳ."),
        ("reminded_moved",),
        ("reminded",),
        PRACTICE,
    ),
)
