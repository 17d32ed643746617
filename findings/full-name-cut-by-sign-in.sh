#!/usr/bin/env bash
# The full name that an OpenID provider sends.
#
# Guess: the claim "name" arrives as the account's name, and a Vietnamese name stays in its order.
# Seen: django-allauth 65.16.0 cuts "name" at the first space, so the family name becomes first_name and the rest
#   last_name. With the claims family_name, middle_name and given_name it drops the middle name, and Django's full name
#   says "Khai Nguyễn".
# Why it matters: a person would be greeted and certified under another name than on the card.
# What we do instead: the account keeps one field for the full name, filled from the claims by ourselves
#   (accounts/openid/adapter.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check 'django-allauth[socialaccount]==65.16.0' django==5.2.8
"$dir/env/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "allauth", "allauth.account"]
APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
settings.configure(INSTALLED_APPS=APPS, MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"], USE_TZ=True)
django.setup()

from allauth.socialaccount.adapter import get_adapter  # noqa: E402
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin  # noqa: E402
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402

app = SocialApp(provider="openid_connect", provider_id="demo", client_id="demo", settings={"server_url": "https://id.example"})
provider = OpenIDConnectProvider(None, app=app)


def account(**claims):
    """Give the user that a sign-in with these claims fills."""
    login = SocialLogin(user=User(), account=SocialAccount(provider="demo", uid="1"))
    common = provider.extract_common_fields({"userinfo": {"sub": "1", **claims}})
    return get_adapter().populate_user(None, login, common)


one = account(name="Nguyễn Thị Minh Khai")
two = account(name="Nguyễn Thị Minh Khai", family_name="Nguyễn", middle_name="Thị Minh", given_name="Khai")
print("django-allauth 65.16.0")
print("guess: Nguyễn Thị Minh Khai, twice")
print(f"seen:  name only: first {one.first_name!r}, last {one.last_name!r}")
print(f"seen:  all claims: full name {two.get_full_name()!r}")
as_noted = (one.first_name, one.last_name, two.get_full_name()) == ("Nguyễn", "Thị Minh Khai", "Khai Nguyễn")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
