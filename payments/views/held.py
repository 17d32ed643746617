"""Money that is with a provider: what it reported, gave back, transferred to the bank, and what it took back itself.

No bank statement tells of a chargeback, or of a refund that somebody made on the provider's own pages: the provider
keeps it out of its next transfer. So a cashier asks about a payment here, and the ledger follows the signed answer.
"""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.permissions import open_to
from core import pagination
from payments import inquiry
from payments.access import CASHIERS, READERS, of_agency
from payments.ledger.posting import Account, balance
from payments.models import CollectionAccount, LedgerLine, Payment, ProviderCall
from payments.providers import registry
from payments.views.cashier import tabs

Outcome = ProviderCall.Outcome


def held_accounts(actor: Actor) -> QuerySet[CollectionAccount]:
    """Accounts at providers that collect first and transfer later; a bank's own are reconciled by its statements."""
    return of_agency(actor, CollectionAccount.objects.exclude(provider="bank")).order_by("key")


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, key: str) -> HttpResponse:
    """What came and went at a provider, newest first; asking it about one payment."""
    account = get_object_or_404(held_accounts(request.actor), key=key)
    provider = registry.provider_named(account.provider)
    if request.method == "POST":
        if request.actor.role not in CASHIERS or provider is None or not provider.online:
            raise Http404
        _ask(request, account)
        return redirect("money-held", key=key)
    entries = LedgerLine.objects.filter(account=Account.CLEARING, place=key)
    page = pagination.page_of(entries.select_related("transaction", "payment__charge", "refund"), request, by=("-id",))
    context = {
        "subnav": tabs(request),
        "account": account,
        "provider": provider,
        "balance": balance(Account.CLEARING, key),
        "page": page,
        "may_ask": request.actor.role in CASHIERS and provider is not None and provider.online,
    }
    return render(request, "payments/money/held.html", context)


def _ask(request: HttpRequest, account: CollectionAccount) -> None:
    wanted = request.POST.get("payment", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    rows = Payment.objects.filter(account=account, state=Payment.State.CONFIRMED).select_related("account", "charge")
    payment = get_object_or_404(rows, pk=int(wanted))
    answer = inquiry.ask_again(payment, at=timezone.now())
    if answer is None:
        messages.info(request, _("Vừa hỏi xong. Hãy chờ vài giây rồi hỏi lại."))
    elif answer.outcome == Outcome.TAKEN_BACK:
        messages.warning(
            request,
            _("Bên thu hộ đã lấy lại tiền của %s: khoản thu lại phải nộp, biên lai đã được điều chỉnh.")
            % payment.reference,
        )
    elif answer.outcome == Outcome.WRONG_AMOUNT:
        messages.warning(
            request,
            _(
                "Bên thu hộ báo một phần tiền của %s đã trở về người nộp. Hãy lập đề nghị hoàn phần ấy, cách chuyển "
                "khoản, với số giao dịch của bên thu hộ."
            )
            % payment.reference,
        )
    elif answer.outcome in (Outcome.UNREACHABLE, Outcome.BAD_SIGNATURE):
        messages.error(request, _("Bên thu hộ chưa trả lời. Chưa có gì thay đổi; hãy hỏi lại sau."))
    else:
        messages.success(request, _("Bên thu hộ không báo gì mới về %s.") % payment.reference)
