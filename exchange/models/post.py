"""Orders of the public post."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostOrder(models.Model):
    """Something that the post fetches or brings. `journey`: [{"at", "state", "place"}] as the post tells it.

    Its `uid` names it to the post, so that an order sent twice is one.
    """

    class Kind(models.TextChoices):
        PICKUP = "pickup", _("Nhận giấy tờ tại nhà người nộp")
        DELIVERY = "delivery", _("Trả kết quả đến người nhận")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi cho bưu chính")
        ACCEPTED = "accepted", _("Bưu chính đã nhận đơn")
        MOVING = "moving", _("Đang vận chuyển")
        DELIVERED = "delivered", _("Đã phát")
        RETURNED = "returned", _("Chuyển hoàn")
        CANCELLED = "cancelled", _("Đã hủy")
        REFUSED = "refused", _("Bưu chính từ chối")

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="post_orders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    name = models.CharField(max_length=250)
    phone = models.CharField(max_length=20)
    address = models.CharField(max_length=300)
    number = models.CharField(max_length=60, blank=True)  # by which the post tracks it
    fee = models.PositiveIntegerField(null=True)  # đồng, what the post takes from whoever orders at home
    journey = models.JSONField(default=list)
    signed_by = models.CharField(max_length=200, blank=True)  # the proof: who signed for it
    asked_by = models.CharField(max_length=200)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    available_at = models.DateTimeField()  # when it is sent, or asked about, next
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind"],
                condition=models.Q(state__in=("waiting", "accepted", "moving")),
                name="one_open_post_order",
            )
        ]
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="post_order_due",
                condition=models.Q(state__in=("waiting", "accepted", "moving")),
            )
        ]


OPEN_ORDERS = (PostOrder.State.WAITING, PostOrder.State.ACCEPTED, PostOrder.State.MOVING)
