"""What a procedure asks on its form (tờ khai, đơn): layout, JSON Schema, answers, and how both are shown.

`layout` is what a controller builds; `schema` is made from it and judges the answers; `answers` reads what somebody
typed; `web` and `printing` are the two renderers; `versions` is the one writer of what is stored.
"""
