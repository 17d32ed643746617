"""An identity provider for demonstration and tests: OpenID Connect (code with PKCE) as a program of its own.

It knows a few people and how surely it identified each. Its faults are those a relying party must survive; see `Fault`.
"""
