from django.urls import path

from payments.views import counter, payer, providers

urlpatterns = [
    path("payments/<slug:provider>/callback", providers.callback, name="payment-callback"),
    path("payments/<slug:provider>/returned", providers.returned, name="payment-returned"),
    path("payments/<uuid:uid>/", payer.page, name="payment"),
    path("payments/<uuid:uid>/ask", payer.ask, name="payment-ask"),
    path("payments/<uuid:uid>/check", payer.check, name="payment-check"),
    path("payments/<uuid:uid>/state", payer.state, name="payment-state"),
    path("payments/<uuid:uid>/qr.png", payer.qr, name="payment-qr"),
    path("payments/<uuid:uid>/receipt", payer.receipt, name="payment-receipt"),
    path("payments/<uuid:uid>/cash", counter.cash, name="payment-cash"),
]
