"""VNPAY 2.1.0: a signed redirect, the return page, the call from server to server (IPN), query and refund."""
