"""Data signed as XML, by keys and authorities of the test's own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier
from signxml.util import namespaces

from core.refusals import Refused
from journal.models import OutgoingCall
from papers.signing.data import sign_data, validate_data
from papers.signing.keys import KeyName
from simulators.pki.authority import Authority
from simulators.pki.book import Fault
from tests.factories.signing import pki_running

PASSPHRASE = "of-this-test"
NOW = datetime.now(UTC)
DATA = '<Receipt xmlns="urn:x"><Content Id="content"><Payer>Nguyễn Thị Ánh</Payer></Content></Receipt>'


@pytest.fixture
def authority(tmp_path, settings) -> Authority:
    made = Authority.made()
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "root.pem").write_bytes(made.root_pem)
    settings.SIGNING_KEYS, settings.SIGNATURE_TRUST_ROOTS = str(tmp_path), str(tmp_path / "roots")
    settings.SIGNING_PASSPHRASE, settings.SIGNING_PKCS11_MODULE = PASSPHRASE, ""
    return made


def key(tmp_path, authority: Authority, **given) -> KeyName:
    content, _certificate = authority.as_pkcs12("Trung tâm Kinh Bắc", PASSPHRASE, **given)
    (tmp_path / "agency-A.p12").write_bytes(content)
    return KeyName.of_agency("A", "Trung tâm Kinh Bắc")


def signed(name: KeyName, at: datetime = NOW) -> bytes:
    return sign_data(etree.fromstring(DATA), "content", name, at=at).content


@pytest.mark.parametrize("rsa", [False, True])
def test_what_is_signed_says_by_whom_and_when(tmp_path, authority, rsa):
    """With keys of both kinds that certificates have (the simulator gives RSA keys to those who stamp times)."""
    name = key(tmp_path, authority, for_time_stamps=rsa)
    verdict = validate_data(signed(name), "content", at=NOW)
    assert verdict.code == ("not_trusted" if rsa else "valid")  # a certificate for time stamps is not for documents
    assert (verdict.signer, verdict.issuer) == ("Trung tâm Kinh Bắc", "CA trình diễn (không có giá trị)")
    assert datetime.fromisoformat(verdict.signed_at) == NOW.replace(microsecond=0)


def _other_signature(content: bytes) -> bytes:
    value = re.search(rb"<ds:SignatureValue>(.{8})", content)
    return content.replace(value[1], value[1][::-1])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda content: content.replace("Ánh".encode(), b"Anh"), "changed"),
        (lambda content: re.sub(rb"SigningTime>20\d\d", b"SigningTime>2001", content), "changed"),
        (_other_signature, "forged"),
        (lambda content: content.replace(b"</Receipt>", b'<Content Id="content"/></Receipt>'), "unreadable"),
        (lambda content: content.replace(b"</Receipt>", b'<Content Id="other"/></Receipt>'), "valid"),
        (lambda content: content[: content.index(b"<ds:Signature")] + b"</Receipt>", "unreadable"),
        (lambda content: content[:200], "unreadable"),
    ],
)
def test_what_was_touched_afterwards_is_not_taken(tmp_path, authority, change, code):
    content = signed(key(tmp_path, authority))
    assert change(content) != content
    assert validate_data(change(content), "content", at=NOW).code == code


def test_the_signature_holds_in_an_envelope_for_other_libraries_too(tmp_path, authority):
    """Only the exclusive canonicalisation leaves out what the envelope declares; not all libraries have version 1.1."""
    content = signed(key(tmp_path, authority)).partition(b"?>")[2]
    envelope = etree.fromstring(b'<s:Envelope xmlns:s="urn:s"><s:Body>' + content + b"</s:Body></s:Envelope>")
    certificate = envelope.findtext(f".//{{{namespaces.ds}}}X509Certificate")
    expected = SignatureConfiguration(location=".//", expect_references=3)
    verified = XMLVerifier().verify(envelope, x509_cert=certificate, expect_config=expected)
    assert [each.signed_xml.get("Id") for each in verified if each.signed_xml is not None].count("content") == 1
    assert {each.get("Algorithm") for each in envelope.iter("{*}CanonicalizationMethod", "{*}Transform")} <= {
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    }


def test_the_part_asked_for_must_be_the_one_signed(tmp_path, authority):
    content = signed(key(tmp_path, authority)).replace(b"</Receipt>", b'<Content Id="other"/></Receipt>')
    assert validate_data(content, "other", at=NOW).code == "appended"


def test_a_certificate_counts_as_of_the_signing(tmp_path, authority, settings):
    name = key(tmp_path, authority, lasting=timedelta(days=2))
    content = signed(name)
    assert validate_data(content, "content", at=NOW + timedelta(days=1)).code == "valid"
    assert validate_data(content, "content", at=NOW + timedelta(days=3)).code == "expired"
    assert validate_data(content, "content", at=NOW - timedelta(days=3)).code == "not_yet"
    settings.SIGNATURE_TRUST_ROOTS = str(tmp_path / "none")
    assert validate_data(content, "content", at=NOW).code == "unknown_root"


def test_an_ended_certificate_signs_nothing(tmp_path, authority):
    name = key(tmp_path, authority, lasting=timedelta(days=2))
    with pytest.raises(Refused) as refusal:
        signed(name, NOW + timedelta(days=3))
    assert refusal.value.code == "key_not_valid"
    with pytest.raises(Refused) as refusal:
        signed(KeyName.of_agency("B", "Sở B"))
    assert refusal.value.code == "no_key"


def test_a_key_under_another_passphrase_is_said_and_does_not_crash(tmp_path, authority, settings):
    name, settings.SIGNING_PASSPHRASE = key(tmp_path, authority), "another"
    with pytest.raises(Refused) as refusal:
        signed(name)
    assert refusal.value.code == "key_closed"


@pytest.fixture
def pki(tmp_path, settings):
    (tmp_path / "pki").mkdir()
    with pki_running(tmp_path / "pki", settings) as running:
        yield running


@pytest.mark.django_db
def test_a_time_stamp_and_the_issuers_answer_prove_it_later(pki, settings):
    settings.TSA_URL = f"{pki.address}/tsa"
    name, certificate = pki.key("agency-A", "Trung tâm Kinh Bắc", lasting=timedelta(days=2))
    content = signed(name)
    verdict = validate_data(content, "content", at=NOW + timedelta(minutes=1))
    assert (verdict.code, verdict.time_stamped, verdict.revocation_checked) == ("valid", True, True)
    later = NOW + timedelta(days=3)  # the certificate has ended, and was revoked before that
    pki.book.revoked[certificate.serial_number] = NOW + timedelta(hours=1)
    assert validate_data(content, "content", at=later).code == "valid"
    settings.TSA_URL = ""
    settings.OCSP_URLS = {}
    bare = signed(name)
    assert not validate_data(bare, "content", at=NOW).time_stamped
    assert validate_data(bare, "content", at=later).code == "expired"
    moved = etree.fromstring(bare)
    moved.find(f".//{{{namespaces.xades}}}QualifyingProperties").append(
        etree.fromstring(content).find(f".//{{{namespaces.xades}}}UnsignedProperties")
    )
    assert validate_data(etree.tostring(moved), "content", at=NOW).code == "time_stamp"  # of another signature


@pytest.mark.django_db
def test_a_revoked_certificate_signs_nothing_more(pki):
    name, certificate = pki.key("agency-A", "Trung tâm Kinh Bắc")
    before = signed(name)
    pki.book.revoked[certificate.serial_number] = datetime.now(UTC)
    with pytest.raises(Refused) as refusal:
        signed(name)
    assert refusal.value.code == "key_revoked"
    assert validate_data(before, "content", at=NOW).is_good


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.REFUSED, Fault.FOREIGN])
@pytest.mark.parametrize("asked", ["tsa", "ocsp"])
def test_who_does_not_answer_well_leaves_nothing_signed(pki, settings, fault, asked):
    name, _certificate = pki.key("agency-A", "Trung tâm Kinh Bắc")
    if asked == "tsa":
        settings.TSA_URL, settings.OCSP_URLS = f"{pki.address}/tsa", {}
    pki.book.fault = fault
    with pytest.raises(Refused) as refusal:
        signed(name)
    stamps = {Fault.FOREIGN: "foreign_time_stamp"}
    assert refusal.value.code == (stamps.get(fault, "no_time_stamp") if asked == "tsa" else "status_away")
    assert OutgoingCall.objects.filter(connection=asked).exists()
