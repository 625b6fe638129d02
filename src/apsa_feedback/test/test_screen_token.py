"""The token of the viewers: where it comes from, whom it lets in, and how often one may guess."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import aiohttp
import cv2
import numpy as np
import pytest

from apsa_feedback.outputs.screen.access import GUESSES
from apsa_feedback.outputs.screen.address_limits import address_key
from apsa_feedback.outputs.screen.invitation import invitation, reachable
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE, read_token
from apsa_perception.model.settings import settings_of
from support.feedback_cases import book
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
def test_a_viewer_without_the_right_token_reads_what_to_do_in_the_language_of_the_page(
    token: str,
) -> None:
    german = replace(PUBLIC, port=0)

    async def visit() -> list[str]:
        server = ScreenServer(german, {"words": book("de").words})
        server.start()
        pages = []
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as web:
                for query in ({}, {"token": "<b>wrong"}):
                    async with web.get("/", params=query) as answer:
                        assert answer.status == 403
                        assert answer.content_type == "text/html"
                        pages.append(await answer.text())
                async with web.get("/static/entrance.css") as answer:
                    assert answer.status == 200
                    assert 'href="/static/entrance.css"' in pages[0]
        finally:
            await asyncio.to_thread(server.close)
        return pages

    missing, wrong = asyncio.run(visit())
    assert "Öffnen Sie die Adresse mit dem Token" in missing
    assert "Das Token in dieser Adresse ist falsch" in wrong
    assert "<b>" not in wrong
    assert token not in missing + wrong


def test_the_qr_code_is_that_of_the_address_with_the_token() -> None:
    text = invitation("http://192.168.1.5:8080/", "a long & secret token")
    address = "http://192.168.1.5:8080/?token=a%20long%20%26%20secret%20token"
    _, _, line, *code = text.splitlines()
    assert line == address
    halves = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [[halves[each] for each in row] for row in code if row]
    light = np.array([[cell[half] for cell in row] for row in rows for half in (0, 1)])
    picture = np.kron(light, np.ones((8, 8))).astype(np.uint8) * 255
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == address


def test_a_server_on_all_addresses_is_reachable_at_one_of_them() -> None:
    assert reachable("http://192.168.1.5:8080/") == "http://192.168.1.5:8080/"
    assert "0.0.0.0" not in reachable("http://0.0.0.0:8080/")
    assert reachable("http://0.0.0.0:8080/").endswith(":8080/")


INVITE = """
import os, sys
if sys.argv[1] == "terminal":
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # becomes the controlling terminal
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.settings import ScreenSettings
from support.feedback_cases import book
ScreenOutput.open(OutputContext(book(), ScreenSettings(port=0), print)).close()
"""


@pytest.mark.faults
def test_only_the_controlling_terminal_gets_the_token_and_no_log(token: str) -> None:
    for kind in ("terminal", "none"):
        controller, terminal = os.openpty()
        run = subprocess.run(
            [sys.executable, "-c", INVITE, kind],
            stdin=terminal, capture_output=True, text=True, start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=True, timeout=60,
        )  # fmt: skip
        os.set_blocking(controller, False)
        try:
            shown = os.read(controller, 65536).decode()
        except BlockingIOError:
            shown = ""
        os.close(terminal)
        os.close(controller)
        assert "screen: http://127.0.0.1" in run.stdout
        assert quote(token) not in run.stdout + run.stderr
        assert (f"?token={quote(token)}" in shown) == (kind == "terminal")


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
