"""The API key: fetched from where it is kept, refused where others can read it, never seen."""

import copy
import os
import pickle

import pytest

from pos.config import KeyFromCredential, KeyFromEnvironment, KeyFromFile, Secret, read_key
from pos.errors import ConfigError

from .samples import reason_of

API_KEY = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "btcpay.key"
    path.write_text(f"{API_KEY}\n")
    path.chmod(0o600)
    return path


def refusal(source, environ, words):
    with pytest.raises(ConfigError) as caught:
        read_key(source, environ, words["en"])
    (complaint,) = caught.value.complaints
    assert complaint.example
    return complaint


def test_key_shows_itself_only_when_asked():
    secret = Secret(API_KEY)
    assert {repr(secret), str(secret), f"{secret}", f"{secret:>60}", "%s" % secret} == {"***"}  # noqa: UP031
    assert secret.reveal() == API_KEY


def test_key_is_not_written_down_with_what_holds_it():
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not written down"):
            write([Secret(API_KEY)] if write is not copy.copy else Secret(API_KEY))


def test_key_is_read_from_the_environment(words):
    assert read_key(KeyFromEnvironment("K"), {"K": f" {API_KEY}\n"}, words["ja"]).reveal() == API_KEY


def test_key_is_taken_out_of_the_environment_so_that_no_other_program_inherits_it(words):
    environ = {"K": API_KEY, "HOME": "/root"}
    read_key(KeyFromEnvironment("K"), environ, words["ja"])
    assert environ == {"HOME": "/root"}


def test_key_is_read_from_a_private_file(words, key_file):
    assert read_key(KeyFromFile(key_file), {}, words["ja"]).reveal() == API_KEY


@pytest.mark.parametrize("environ", [{}, {"K": ""}, {"K": " \n"}])
def test_empty_variable_is_named(words, environ):
    complaint = refusal(KeyFromEnvironment("K"), environ, words)
    assert (complaint.file, complaint.key) == ("$K", "server.key_environment")
    assert reason_of(complaint, words) == "key_empty"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o777])
def test_file_that_others_can_touch_is_refused_with_the_command_that_mends_it(words, key_file, mode):
    key_file.chmod(mode)
    complaint = refusal(KeyFromFile(key_file), {}, words)
    assert (complaint.file, complaint.key) == (str(key_file), "server.key_file")
    assert complaint.example == f"chmod 600 {key_file}"


def test_file_of_another_user_is_refused(words, key_file):
    if os.geteuid() == 0:
        os.chown(key_file, 12345, -1)
        path = key_file
    else:
        path = "/etc/passwd"
    assert reason_of(refusal(KeyFromFile(path), {}, words), words) == "key_owner"


def test_missing_file_is_refused(words, tmp_path):
    assert reason_of(refusal(KeyFromFile(tmp_path / "none"), {}, words), words) == "key_no_file"


def test_folder_and_pipe_are_no_key_files(words, tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe"):
        assert reason_of(refusal(KeyFromFile(path), {}, words), words) == "key_no_file"


def test_empty_file_is_refused(words, key_file):
    key_file.write_text("\n")
    assert reason_of(refusal(KeyFromFile(key_file), {}, words), words) == "key_empty"


@pytest.mark.parametrize("written", [
    f"key {API_KEY}", f"{API_KEY}\n{API_KEY}", f"“{API_KEY}”", f"{API_KEY}\x07", "\x00x", "hello", API_KEY[:-1],
])
def test_key_with_anything_else_beside_it_is_refused_unseen(words, key_file, written):
    key_file.write_text(written)
    complaint = refusal(KeyFromFile(key_file), {}, words)
    assert reason_of(complaint, words) == "key_garbled"
    assert API_KEY not in str(complaint)


# systemd's credentials


@pytest.fixture
def credentials(tmp_path):
    """A folder as systemd makes it for one service, with the key in it."""
    folder = tmp_path / "credentials"
    folder.mkdir(0o700)
    (folder / "btcpay.key").write_text(f"{API_KEY}\n")
    (folder / "btcpay.key").chmod(0o400)
    return folder


PLACE = KeyFromCredential("btcpay.key")


def test_key_is_read_from_a_credential(words, credentials):
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert read_key(PLACE, environ, words["ja"]).reveal() == API_KEY


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, as whom systemd writes")
def test_credential_that_stays_with_root_may_show_the_mask_of_its_acl(words, credentials, monkeypatch):
    (credentials / "btcpay.key").chmod(0o440)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert read_key(PLACE, environ, words["ja"]).reveal() == API_KEY
    for mode in (0o460, 0o450, 0o444, 0o441, 0o442):
        (credentials / "btcpay.key").chmod(mode)
        assert reason_of(refusal(PLACE, environ, words), words) == "key_mode"
    os.chown(credentials / "btcpay.key", 1234, -1)
    assert reason_of(refusal(PLACE, environ, words), words) == "key_owner"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give files away")
def test_credential_of_the_tills_own_user_is_private(words, credentials, monkeypatch):
    os.chown(credentials / "btcpay.key", 1000, -1)
    (credentials / "btcpay.key").chmod(0o440)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert reason_of(refusal(PLACE, environ, words), words) == "key_mode"


@pytest.mark.parametrize("environ", [{}, {"CREDENTIALS_DIRECTORY": ""}, {"CREDENTIALS_DIRECTORY": "/nowhere"}])
def test_credential_that_systemd_did_not_hand_over_is_named(words, environ):
    complaint = refusal(PLACE, environ, words)
    assert (complaint.file, complaint.key) == ("$CREDENTIALS_DIRECTORY/btcpay.key", "server.key_credential")
    assert reason_of(complaint, words) == "key_no_credential"
    assert "LoadCredential=" in complaint.example


def test_empty_credential_is_refused(words, credentials):
    (credentials / "btcpay.key").chmod(0o600)
    (credentials / "btcpay.key").write_text("\n")
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert reason_of(refusal(PLACE, environ, words), words) == "key_empty"
