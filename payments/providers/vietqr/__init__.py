"""Transfers by VietQR code to a bank that speaks the portal's signed JSON: code, signature, options, transport.

Another bank's own protocol is a folder beside this one with its own `Provider`; what its reports are worth is decided
in `payments.verification` for all alike.
"""
