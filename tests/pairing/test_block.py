"""Only the server: block of kiosk.yaml changes, whatever it looked like before."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import yaml_lines
from pos.errors import PairingError
from pos.pairing.block import with_server

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / "kiosk.yaml").read_text(encoding="utf-8")
VALUES: dict[str, str | None] = {
    "url": "https://pay.example",
    "store_id": "Store1",
    "key_file": "btcpay.key",
    "key_environment": None,
    "ca_file": None,
    "certificate_sha256": None,
    "socks_proxy": None,
}
BLOCK = "server:\n  url: https://pay.example\n  store_id: Store1\n  key_file: btcpay.key\n"


def server_of(text: str) -> dict[str, str]:
    document = yaml_lines.read(text)
    assert document.flaws == ()
    assert isinstance(document.root, yaml_lines.Table)
    block = document.root.values["server"]
    return {path: scalar.text for path, scalar in yaml_lines.scalars(block)}


def test_the_shipped_file_gets_the_block_from_its_own_example_with_all_comments() -> None:
    paired = with_server(SHIPPED, VALUES)
    assert server_of(paired) == {"url": "https://pay.example", "store_id": "Store1", "key_file": "btcpay.key"}
    before, after = SHIPPED.splitlines(), paired.splitlines()
    changes = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    gone = {line[2:] for line in changes if line[0] == "-"}
    come = {line[2:] for line in changes if line[0] == "+"}
    assert "server: demo" in gone
    values = ("  url:", "  store_id:", "  key_file:")
    kept = {line for line in come if not line.startswith(values)}
    assert kept == {line.removeprefix("# ") for line in gone if line.removeprefix("# ") in kept}
    first = next(number for number, line in enumerate(before) if line == "# server:")
    example = [line for line in before[first:] if line.startswith("#   ")]
    assert all(line.removeprefix("# ").startswith(values) or line.removeprefix("# ") in after for line in example)


def test_the_remark_that_tells_how_to_do_it_by_hand_goes_and_the_owners_own_stay() -> None:
    paired = with_server(SHIPPED.replace("server: demo\n", "server: demo\n# since May\n"), VALUES)
    assert "# server:" not in paired
    assert "remove the line above" not in paired
    assert "\n# since May\n\nserver:\n" in paired


def test_settings_that_stood_as_comments_are_filled_in_where_they_stand() -> None:
    paired = with_server(SHIPPED, VALUES | {"ca_file": "btcpay-ca.pem", "certificate_sha256": "ab" * 32})
    assert server_of(paired)["ca_file"] == "btcpay-ca.pem"
    assert paired.count("certificate_sha256") == 1


@pytest.mark.parametrize(("before", "after"), [
    ("till: K1\nserver: demo\nshop: B\n", f"till: K1\n{BLOCK}shop: B\n"),
    ("server: demo", BLOCK),
    ("server: demo # later: a real one\n", BLOCK),
    ("server:   \"demo\"\n\n# next\nshop: B\n", f"{BLOCK}\n# next\nshop: B\n"),
    ("server:\n  url: https://old\n  store_id: Old\n  key_file: old.key\n\n# of the shop\nshop: B\n",
     f"{BLOCK}\n# of the shop\nshop: B\n"),
    ("server: {url: https://old, store_id: Old, key_file: old.key}\nshop: B\n", f"{BLOCK}shop: B\n"),
    ("server: {\n  url: https://old,\n  store_id: Old\n}\nshop: B\n", f"{BLOCK}shop: B\n"),
    ("\ufeffserver: demo\n", f"\ufeff{BLOCK}"),
    ("\ufefftill: K1\nserver: demo\n", f"\ufefftill: K1\n{BLOCK}"),
    ("server: demo\n# of B\nshop: B\n# server:\n#   url: x\n", f"{BLOCK}# of B\nshop: B\n# server:\n#   url: x\n"),
    ("server: # here it comes\n  url: https://old\nshop: B\n", f"{BLOCK}shop: B\n"),
])
def test_a_block_is_put_in_the_place_of_what_stood_there(before: str, after: str) -> None:
    assert with_server(before, VALUES) == after


def test_an_existing_block_keeps_its_comments_its_order_and_what_pairing_does_not_decide() -> None:
    before = (
        "server:\n    # ours\n    store_id: Old   # the bar\n    url: https://old\n    key_environment: KEY\n"
        "    allow_rights: [btcpay.store.canmodifystoresettings]\n    ca_file: old.pem\nshop: B\n"
    )
    assert with_server(before, VALUES) == (
        "server:\n    # ours\n    store_id: Store1\n    url: https://pay.example\n"
        "    allow_rights: [btcpay.store.canmodifystoresettings]\n    key_file: btcpay.key\nshop: B\n"
    )


LINES = st.lists(st.sampled_from(["till: K1", "# server: a remark", "", "menu:", "  server: x", "shop: 'server: y'"]))
OLD = st.sampled_from([["server: demo"], ["server:", "  url: x", "", "  # y", "  key_file: z"], ["server: {url: x}"]])


@given(LINES, OLD, LINES)
def test_whatever_stands_around_the_block_stays_as_it_was(
    above: list[str], old: list[str], below: list[str]
) -> None:
    below = ["shop: B", *below]
    text = "".join(f"{line}\n" for line in (*above, *old, *below))
    written = with_server(text, VALUES)
    assert written.startswith("".join(f"{line}\n" for line in above))
    assert written.endswith("".join(f"{line}\n" for line in below))
    assert "  url: https://pay.example\n" in written


@given(st.text(alphabet="server: demo\r\n#{}ul'\"\ufeff", max_size=60))
def test_any_text_gets_its_block_or_is_left_to_its_owner(text: str) -> None:
    try:
        written = with_server(text, VALUES)
    except PairingError:
        return
    assert "store_id: Store1" in written


def test_line_ends_of_another_system_are_kept() -> None:
    before = "till: K1\r\nserver: demo\r\nshop: B\r\n"
    assert with_server(before, VALUES) == before.replace("server: demo\r\n", BLOCK.replace("\n", "\r\n"))


@pytest.mark.parametrize("value", ["/media/usb stick/ca #1.pem", "~/ca.pem", "店/ca.pem", "a: b", "- x", "*x", ""])
def test_a_value_that_yaml_would_misread_is_quoted(value: str) -> None:
    assert server_of(with_server("server: demo\n", VALUES | {"ca_file": value}))["ca_file"] == value


@pytest.mark.parametrize(
    "text", ["", "shop: B\n", "  server: demo\n", "server: demo\nserver: demo\n", "{server: demo}\n"]
)
def test_a_file_without_one_server_line_of_its_own_is_left_to_its_owner(text: str) -> None:
    with pytest.raises(PairingError) as caught:
        with_server(text, VALUES)
    assert caught.value.reason == "no_server_line"
