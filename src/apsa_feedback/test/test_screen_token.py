"""The token of the viewers: where it comes from, whom it lets in, and how often one may guess."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.outputs.screen.access import GUESSES
from apsa_feedback.outputs.screen.address_limits import address_key
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE, read_token
from apsa_perception.model.settings import settings_of
from support.screen_cases import SETTINGS, next_of, served

TOKEN = "a long enough token"
PUBLIC = replace(SETTINGS, host="0.0.0.0")


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """A token in the environment."""
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    return TOKEN


def test_the_token_is_in_a_file_or_in_the_environment_and_the_file_counts_first(
    token: str, tmp_path: Path
) -> None:
    assert read_token("") == token
    file = tmp_path / "token"
    file.write_text("  another long token\nnot this\n")
    assert read_token(str(file)) == "another long token"


def test_the_token_is_no_parameter() -> None:
    assert not {name for name in settings_of(type(SETTINGS)) if name.endswith("token")}


def test_a_token_that_cannot_be_used_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    short, binary = tmp_path / "short", tmp_path / "binary"
    short.write_text("secret\n")
    binary.write_bytes(b"\xff" * 20)
    for file, sentence in (
        (short, "has 6 characters; expected 12 or more"),
        (binary, "it is not UTF-8 text"),
        (tmp_path / "none", "token_file .*none cannot be read: No such file"),
    ):
        with pytest.raises(ValueError, match=sentence) as caught:
            ScreenServer(replace(PUBLIC, token_file=str(file)), {})
        assert "\n" not in str(caught.value)
    monkeypatch.setenv(TOKEN_VARIABLE, "short")
    with pytest.raises(ValueError, match=f"{TOKEN_VARIABLE} has 5 characters"):
        ScreenServer(PUBLIC, {})


def test_the_token_lets_in_and_stays_out_of_the_address(token: str) -> None:
    async def visit() -> None:
        async with served(PUBLIC) as (_, web):
            for path in ("/", "/live", "/static/app.js", "/?token=wrong"):
                async with web.get(path) as answer:
                    assert answer.status == 403, path
            async with web.get("/", params={"token": token}, allow_redirects=False) as answer:
                assert answer.status == 303
                assert answer.headers["Location"] == "/"
                cookie = answer.headers["Set-Cookie"]
                assert "HttpOnly" in cookie
                assert "SameSite=Strict" in cookie
                assert "Max-Age=2592000" in cookie  # an installed page starts without the token
                assert token not in cookie
            async with web.get("/") as answer:
                assert answer.status == 200
            async with web.ws_connect("/live") as viewer:
                await next_of(viewer, "hello")

    asyncio.run(visit())


@pytest.mark.faults
def test_after_some_wrong_guesses_an_address_has_to_wait(token: str) -> None:
    async def guess() -> list[int]:
        statuses = []
        async with served(PUBLIC) as (_, web):
            for text in [*map(str, range(GUESSES)), "more", token]:
                async with web.get("/", params={"token": text}, allow_redirects=False) as answer:
                    statuses.append(answer.status)
            async with web.get("/") as answer:  # no guess
                statuses.append(answer.status)
        return statuses

    assert asyncio.run(guess()) == [*[403] * GUESSES, 429, 429, 403]


def test_right_tokens_are_not_limited(token: str) -> None:
    async def visit() -> None:
        async with served(PUBLIC) as (_, web):
            for _ in range(2 * GUESSES):
                web.cookie_jar.clear()
                async with web.get("/", params={"token": token}, allow_redirects=False) as answer:
                    assert answer.status == 303

    asyncio.run(visit())


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, ""),
    ],
)
def test_the_addresses_of_one_machine_count_together(host: str | None, key: str) -> None:
    assert address_key(host) == key
