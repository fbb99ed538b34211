"""Secrets do not get into the log."""

from __future__ import annotations

import pytest

from syncline.conf.logging import redact


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", "abc"),
        ("client_secret", "abc"),
        ("Authorization", "Basic abc"),
        ("event", "sent Bearer abc.def to graph"),
        ("event", "sid 00D000000000001!AQEAQabc_def"),
        ("url", "https://x.example/?id_token=eyJ" + "a" * 30 + ".abc.abc"),
    ],
)
def test_a_secret_is_taken_out(name: str, value: str) -> None:
    shown = str(redact(None, "info", {name: value})[name])
    assert "abc" not in shown


def test_what_is_no_secret_stays() -> None:
    event = {"event": "session ended", "mailbox": 7, "code": "SW0000"}
    assert redact(None, "info", dict(event)) == event
