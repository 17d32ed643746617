"""Keys of the demonstration: PKCS#12 files of an authority of its own, whose certificates nobody else trusts."""

from pathlib import Path

from django.conf import settings

from accounts.models import StaffPost
from demo.people import sign_ins
from papers.signing.keys import KeyName
from simulators.pki import OCSP_OF_DEMONSTRATION
from simulators.pki.authority import Authority

_SIGNERS = (StaffPost.Role.LEADER, StaffPost.Role.COUNTER, StaffPost.Role.CLERK)


def load_demo_keys() -> int:
    """A key for each agency whose sign-ins are shown and for those of its staff who sign; returns how many are new."""
    if not settings.SIGNING_PASSPHRASE or settings.SIGNING_PKCS11_MODULE:
        return 0
    authority = Authority.kept_in(Path(settings.DATA_DIR) / "keys" / "demonstration-authority", OCSP_OF_DEMONSTRATION)
    for folder in (settings.SIGNING_KEYS, settings.SIGNATURE_TRUST_ROOTS):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    (Path(settings.SIGNATURE_TRUST_ROOTS) / "demonstration.pem").write_bytes(authority.root_pem)
    shown = StaffPost.objects.filter(account__username__in=[entry.username for entry in sign_ins()])
    posts = StaffPost.objects.filter(agency__in=shown.values("agency"), valid_to=None).select_related(
        "account", "agency"
    )
    names = [
        KeyName.of_person(post.account.username, post.account.full_name) for post in posts if post.role in _SIGNERS
    ]
    names += [KeyName.of_agency(post.agency.code, post.agency.name) for post in posts]
    made = 0
    for name in dict.fromkeys(names):
        file = Path(settings.SIGNING_KEYS) / f"{name.label}.p12"
        if not file.exists():
            content, _certificate = authority.as_pkcs12(name.holder, settings.SIGNING_PASSPHRASE)
            file.write_bytes(content)
            file.chmod(0o600)
            made += 1
    return made
