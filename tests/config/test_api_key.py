"""The API key: fetched from where it is kept, refused where others can read it, never seen."""

import os

import pytest

from pos.config import KeyFromEnvironment, KeyFromFile, Secret, read_key
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


def test_key_is_read_from_the_environment(words):
    assert read_key(KeyFromEnvironment("K"), {"K": f" {API_KEY}\n"}, words["ja"]).reveal() == API_KEY


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
    f"key {API_KEY}", f"{API_KEY}\n{API_KEY}", f"“{API_KEY}”", f"{API_KEY}\x07", "\x00x",
])
def test_key_with_anything_else_beside_it_is_refused_unseen(words, key_file, written):
    key_file.write_text(written)
    complaint = refusal(KeyFromFile(key_file), {}, words)
    assert reason_of(complaint, words) == "key_garbled"
    assert API_KEY not in str(complaint)
