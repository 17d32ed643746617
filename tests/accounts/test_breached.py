"""Passwords known from breaches: the list, how it is made, and what it refuses."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import breached
from accounts.checks import breached_passwords_are_known
from accounts.forms import NewPassword


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def known(settings, tmp_path):
    settings.BREACHED_PASSWORDS = str(tmp_path / "list.bin")
    source = tmp_path / "hashes.txt"
    source.write_text(f"{sha1('con-meo-trang-ngu')}:12\n{sha1('it-ai-dung-toi')}:1\n\n{sha1('con-meo-trang-ngu')}:12\n")
    call_command("build_breached_passwords", str(source), "--seen", "2", verbosity=0)
    return tmp_path


def test_a_known_password_is_refused_and_others_are_not(known):
    with pytest.raises(ValidationError, match="rò rỉ"):
        validate_password("con-meo-trang-ngu")
    validate_password("it-ai-dung-toi")  # seen too rarely for this list
    validate_password("con-meo-den-ngu-ngon")


def test_a_newer_list_is_taken_without_a_restart(known, settings):
    validate_password("hoa-sen-no-muon")
    source = known / "plain.txt"
    source.write_text("hoa-sen-no-muon\n")
    call_command("build_breached_passwords", str(source), "--plain", verbosity=0)
    with pytest.raises(ValidationError):
        validate_password("hoa-sen-no-muon")


def test_without_a_list_the_other_rules_hold(settings, tmp_path):
    settings.BREACHED_PASSWORDS = str(tmp_path / "none.bin")
    validate_password("con-meo-trang-ngu")
    (tmp_path / "none.bin").write_bytes(b"this is no list")
    validate_password("con-meo-trang-ngu")


@pytest.mark.parametrize("easy", ["matkhau123456", "Mật-Khẩu-2026", "anhyeuem123456", "QWERTYuiop!!"])
def test_first_choices_are_refused(settings, tmp_path, easy):
    settings.BREACHED_PASSWORDS = str(tmp_path / "none.bin")
    with pytest.raises(ValidationError):
        validate_password(easy)


def test_ten_characters_of_any_kind_are_a_password(settings, tmp_path):
    settings.BREACHED_PASSWORDS = str(tmp_path / "none.bin")
    with pytest.raises(ValidationError, match="10 ký tự"):
        validate_password("rkwvyplmo")
    validate_password("rkwvyplmoz")  # small letters alone
    longest = "ễ" * 3 + "rkwvyplmoz ngựa" + "đ" * 110
    form = NewPassword({"password": longest})
    assert len(longest) == 128
    assert form.is_valid()
    assert form.cleaned_data["password"] == longest
    assert NewPassword({"password": longest + "x"}).errors, "said, not cut off"


def test_a_file_that_is_none_is_said(known):
    wrong = known / "wrong.txt"
    wrong.write_text("khong phai ma bam\n")
    with pytest.raises(CommandError, match="line 1"):
        call_command("build_breached_passwords", str(wrong))
    with pytest.raises(CommandError, match="No such file"):
        call_command("build_breached_passwords", str(known / "absent.txt"))
    with pytest.raises(ValidationError):
        validate_password("con-meo-trang-ngu")  # the list that was there stays


@given(st.sets(st.text(min_size=1, max_size=12), max_size=40), st.text(min_size=1, max_size=12))
def test_the_list_knows_exactly_what_it_was_made_of(tmp_path_factory, words, other):
    path = tmp_path_factory.mktemp("list") / "list.bin"
    words = {word for word in words if word.isprintable()}
    assert breached.build_list(map(breached.digest_of, words), path, at=timezone.now()) == len(words)
    if words:
        found = breached.BreachedList(path)
        assert all(word in found for word in words)
        assert (other in found) == (other in words)


def test_pieces_are_merged_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr(breached, "_CHUNK", 10)
    digests = [breached.digest_of(str(number % 73)) for number in range(500)]
    assert breached.build_list(digests, tmp_path / "l", at=timezone.now()) == 73
    found = breached.BreachedList(tmp_path / "l")
    assert all(str(number) in found for number in range(73))
    assert "73" not in found


def test_deployment_says_when_there_is_none_or_an_old_one(known, settings):
    assert breached_passwords_are_known(None) == []
    old = timezone.now() - timedelta(days=500)
    breached.build_list([breached.digest_of("x")], known / "list.bin", at=old)
    assert [each.id for each in breached_passwords_are_known(None)] == ["accounts.I002"]
    settings.BREACHED_PASSWORDS = str(known / "absent.bin")
    assert [each.id for each in breached_passwords_are_known(None)] == ["accounts.I001"]
