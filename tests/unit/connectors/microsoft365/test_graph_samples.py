"""Answers that the vendor published are read without complaint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from syncline.connectors.microsoft365.wire import Category, Contact, Event, Page

SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "graph-docs-samples"
SHAPES = {
    "/events": Event,
    "/calendarview": Event,
    "/instances": Event,
    "/contacts": Contact,
    "/mastercategories": Category,
}


def published() -> Iterator[tuple[str, Any]]:
    for path in sorted(SAMPLES.glob("*.json")):
        mocks = json.loads(path.read_text())
        for mock in mocks if isinstance(mocks, list) else mocks.get("mocks", []):
            url = mock.get("request", {}).get("url", "").lower()
            body = mock.get("response", {}).get("body")
            if "/me/" in url and isinstance(body, dict):
                yield url.partition("?")[0], body


def shape_of(url: str) -> Any:
    tail = "/" + url.removesuffix("/*").rsplit("/", 1)[-1]
    return SHAPES.get(tail)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not at hand")
def test_published_answers_are_read() -> None:
    read = 0
    for url, body in published():
        shape = shape_of(url)
        if shape is None:
            continue
        items = body.get("value", [body])
        if "value" in body:
            page = msgspec.json.decode(json.dumps(body), type=Page)
            assert len(page.value) == len(items)
        for item in items:
            if "id" in item:
                found = msgspec.json.decode(json.dumps(item), type=shape)
                assert found.id == item["id"]
                read += 1
    assert read > 5
