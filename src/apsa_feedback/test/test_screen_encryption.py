"""The screen with TLS: what is served, who is refused, and files that cannot be used."""

import asyncio
import ssl
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from apsa_feedback.outputs.screen import connection_gate
from apsa_feedback.outputs.screen.connection_gate import MAX_CONNECTIONS_OF_ADDRESS
from apsa_feedback.outputs.screen.invitation import invitation
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE
from support.certificates import Certificate, encrypt, make_certificate, make_rsa_key
from support.screen_cases import PICTURE, SETTINGS, next_frame, next_of, served

TOKEN = "a long enough token"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that the tests share."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def encrypted(made: Certificate, **changes: Any) -> ScreenSettings:
    return replace(
        SETTINGS, tls_certificate=str(made.certificate), tls_key=str(made.key), **changes
    )


def trust(made: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(made.certificate))


def test_page_and_frames_come_with_tls_and_so_does_the_address(
    made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    monkeypatch.setattr(connection_gate, "DEADLINE_S", 0.5)

    async def visit() -> None:
        async with served(encrypted(made), trusted=trust(made)) as (server, web):
            assert server.url == f"https://127.0.0.1:{server.port}/"
            assert f"\n{server.url}?token=" in invitation(server.url, server.token)
            async with web.get("/", params={"token": TOKEN}, allow_redirects=False) as answer:
                cookie = answer.headers["Set-Cookie"]
                # Of another name than without TLS, which could not replace a secure one.
                assert cookie.startswith("__Host-apsa_screen=")
                assert "; Secure" in cookie
            async with web.get("/") as answer:
                assert (answer.status, "stage" in await answer.text()) == (200, True)
            origin = {"Origin": server.url.rstrip("/")}
            async with web.ws_connect("/live", headers=origin) as viewer:
                await next_of(viewer, "hello")
                await asyncio.sleep(0.8)  # a viewer stays beyond the deadline of a request
                server.show_frame({"stamp": 7}, PICTURE)
                header, jpeg = await next_frame(viewer)
                assert header["stamp"] == 7
                assert jpeg

    asyncio.run(visit())


@pytest.mark.faults
@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"]
)
def test_who_does_not_speak_tls_is_hung_up_and_others_are_served(
    made: Certificate, monkeypatch: pytest.MonkeyPatch, sent: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(connection_gate, "DEADLINE_S", 0.5)

    async def visit() -> None:
        async with (
            served(encrypted(made), trusted=trust(made)) as (server, web),
            web.ws_connect("/live") as viewer,
        ):
            await next_of(viewer, "hello")
            began = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(sent)
            with suppress(ConnectionError):
                assert b"HTTP" not in await asyncio.wait_for(reader.read(), 5.0)
            assert time.perf_counter() - began < 2.0
            writer.close()
            async with web.get("/") as answer:
                assert answer.status == 200
            server.show_frame({"stamp": 1}, PICTURE)
            await next_frame(viewer)

    asyncio.run(visit())
    assert not caplog.records


def test_connections_count_before_their_handshake(made: Certificate) -> None:
    async def visit() -> None:
        async with served(encrypted(made), trusted=trust(made)) as (server, web):
            held = [
                await asyncio.open_connection("127.0.0.1", server.port)
                for _ in range(MAX_CONNECTIONS_OF_ADDRESS)
            ]
            await asyncio.sleep(0.1)
            with pytest.raises(aiohttp.ClientError):
                await web.get("/")
            for _, each in held:
                each.close()
            await asyncio.sleep(0.1)
            async with web.get("/") as answer:
                assert answer.status == 200

    asyncio.run(visit())


def test_a_connection_in_its_handshake_ends_with_the_screen(made: Certificate) -> None:
    async def visit() -> None:
        async with served(encrypted(made), trusted=trust(made)) as (server, _):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            await asyncio.sleep(0.1)
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 2.0) == b""
        writer.close()

    asyncio.run(visit())


def test_files_that_cannot_be_used_are_refused_in_one_sentence(
    made: Certificate, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path, "other")
    empty, locked, damaged = tmp_path / "empty", tmp_path / "locked.key", tmp_path / "damaged.pem"
    empty.write_text("nothing\n")
    encrypt(made.key, locked)
    rsa = make_rsa_key(tmp_path / "rsa.key")
    text = made.certificate.read_text()
    damaged.write_text(text.replace(text[60:80], "A" * 20))
    good, key = str(made.certificate), str(made.key)
    for certificate, its_key, sentence in (
        (good, "", "tls_certificate is set, but screen.tls_key is not; expected both or neither"),
        ("", key, "tls_key is set, but screen.tls_certificate is not; expected both or neither"),
        (f"{good}.none", key, "tls_certificate .*none cannot be read: No such file or directory"),
        (good, str(tmp_path), "tls_key .* cannot be read: Is a directory; expected a PEM file"),
        (str(empty), key, "tls_certificate .*empty has no certificate; expected a PEM file"),
        (good, good, "tls_key .* has no private key; expected a PEM file with one"),
        (good, str(locked), "tls_key .*locked.key is encrypted; expected a key without a password"),
        (good, str(other.key), "tls_key .*other.key does not belong to screen.tls_certificate"),
        (good, str(rsa), "tls_key .*rsa.key does not belong to screen.tls_certificate"),
        (
            good,
            "~nobody_of_this_name/coach.key",
            "tls_key .* cannot be read: there is no such",
        ),
        (str(damaged), key, "damaged.pem and .* cannot be used: .*; expected PEM files"),
    ):
        settings = replace(SETTINGS, tls_certificate=certificate, tls_key=its_key)
        with pytest.raises(ValueError, match=sentence) as caught:
            ScreenServer(settings, {})
        assert "\n" not in str(caught.value)
