"""Signing in with an identity of an OpenID provider: VNeID for citizens, single sign-on for staff.

django-allauth speaks the authorisation code flow with PKCE and state; what it leaves to the relying party is here:
nonce, signature by rotating keys, the level of identity, what a claim means, and whom an identity is joined to.
"""
