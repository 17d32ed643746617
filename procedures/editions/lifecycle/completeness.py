"""What the first edition of a procedure must still say before it can be reviewed."""

from django.utils.translation import gettext as _

from procedures.editions.document import Facts, served_levels


def gaps_in(facts: Facts) -> list[tuple[str, str]]:
    """(part of editions.forms.parts, sentence) for each gap, in the order of the parts; empty when it is complete."""
    settled = facts.get("settled_by", {})
    served = served_levels(facts)
    named = settled if isinstance(settled, dict) else dict.fromkeys(served, settled)
    channels = {channel for term in facts["terms"] for channel in term["channels"]}
    found = []
    if not facts["legal_basis"]:
        found.append(("general", _("Chưa ghi căn cứ pháp lý.")))
    if any(not named.get(level) for level in served):
        found.append(("scope", _("Chưa ghi cơ quan giải quyết ở mỗi cấp.")))
    if not facts["applicants"]:
        found.append(("scope", _("Chưa chọn đối tượng thực hiện.")))
    if "online" in channels and facts["online_level"]["value"] == "none":
        found.append(("service", _("Có cách nộp trực tuyến nhưng mức độ trực tuyến là “không”.")))
    if not facts["terms"]:
        found.append(("terms", _("Chưa có cách nộp và thời hạn.")))
    if not facts["fees"] and not facts.get("free"):
        found.append(("fees", _("Chưa nói có thu phí hay không: mở phần Phí, để trống rồi lưu nếu không thu.")))
    if not facts["documents"]:
        found.append(("documents", _("Chưa có giấy tờ phải nộp.")))
    if not facts["results"]:
        found.append(("results", _("Chưa có kết quả.")))
    return found
