"""Whose key signs: of a member of the staff by their sign-in name, of an agency by its code.

In PKCS#12 files below `SIGNING_KEYS` (`staff-<sign-in name>.p12`, `agency-<code>.p12`), or under these names as labels
in a PKCS#11 token when `SIGNING_PKCS11_MODULE` is set. No key is ever kept in the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import pkcs11 as token
from pyhanko.sign.signers import Signer, SimpleSigner

from core.refusals import Refused


@dataclass(frozen=True)
class KeyName:
    """`label` finds the key; `holder` is who signs, as the stamp and the refusal say it."""

    label: str
    holder: str

    @classmethod
    def of_person(cls, username: str, full_name: str) -> "KeyName":
        return cls(f"staff-{username}", full_name)

    @classmethod
    def of_agency(cls, code: str, name: str) -> "KeyName":
        return cls(f"agency-{code}", name)


def signing_is_set_up() -> bool:
    """Whether this installation signs at all: pages offer it only then."""
    return bool(settings.SIGNING_PKCS11_MODULE) or (bool(settings.SIGNING_PASSPHRASE) and _folder().is_dir())


def has_key(name: KeyName) -> bool:
    """Whether somebody can sign at all; a token is not asked until it signs."""
    if not signing_is_set_up():
        return False
    return bool(settings.SIGNING_PKCS11_MODULE) or (_folder() / f"{name.label}.p12").is_file()


@contextmanager
def opened_key(name: KeyName) -> Iterator[Signer]:
    """The key, for as long as it is used. Raises Refused when there is none, or it does not open."""
    if not signing_is_set_up():
        raise Refused("no_signing", _("Hệ thống chưa cài đặt chữ ký số. Hãy báo cho bộ phận kỹ thuật."))
    if settings.SIGNING_PKCS11_MODULE:
        with _of_token(name) as signer:
            yield signer
    else:
        yield _of_file(name)


def _of_file(name: KeyName) -> Signer:
    path = (_folder() / f"{name.label}.p12").resolve()
    if path.parent != _folder().resolve() or not path.is_file():
        raise _no_key(name)
    try:
        return SimpleSigner.load_pkcs12_data(path.read_bytes(), [], settings.SIGNING_PASSPHRASE.encode())
    except ValueError as problem:  # another passphrase, or not such a file
        raise Refused(
            "key_closed",
            _("Không mở được chữ ký số của %(holder)s. Hãy báo cho bộ phận kỹ thuật.") % {"holder": name.holder},
        ) from problem


@contextmanager
def _of_token(name: KeyName) -> Iterator[Signer]:
    try:
        session = token.open_pkcs11_session(
            settings.SIGNING_PKCS11_MODULE,
            token_criteria=TokenCriteria(label=settings.SIGNING_PKCS11_TOKEN)
            if settings.SIGNING_PKCS11_TOKEN
            else None,
            user_pin=settings.SIGNING_PKCS11_PIN or None,
        )
    except Exception as problem:  # a module of the maker's, with errors of its own
        raise Refused(
            "token_away", _("Thiết bị chữ ký số không trả lời. Hãy thử lại, hoặc báo cho bộ phận kỹ thuật.")
        ) from problem
    try:
        signer = token.PKCS11Signer(session, cert_label=name.label, key_label=name.label)
        try:
            known = signer.signing_cert
        except Exception as problem:
            raise _no_key(name) from problem
        if known is None:
            raise _no_key(name)
        if known.public_key.algorithm == "ec":
            # Not every token hashes for ECDSA (SoftHSM 2.6 does not), all sign what is hashed here.
            signer = token.PKCS11Signer(session, cert_label=name.label, key_label=name.label, use_raw_mechanism=True)
        yield signer
    finally:
        session.close()


def _no_key(name: KeyName) -> Refused:
    return Refused(
        "no_key",
        _("Chưa có chữ ký số của %(holder)s trong hệ thống. Hãy bỏ chọn ký số, hoặc báo cho bộ phận kỹ thuật.")
        % {"holder": name.holder},
    )


def _folder() -> Path:
    return Path(settings.SIGNING_KEYS)
