"""`/services/data`: the versions that the org speaks."""

from __future__ import annotations

from syncline.sandbox.salesforce.calls import DATA_ROOT, Answer, Call
from syncline.sandbox.salesforce.entities import Json
from syncline.sandbox.salesforce.faults import refuse

OLDEST, NEWEST = 41, 68
#: Version 68 is Winter '27; there are three releases a year.
_SEASONS = ("Spring", "Summer", "Winter")
_FIRST_WINTER = 68
_FIRST_YEAR = 27


def versions() -> list[Json]:
    """All versions, oldest first."""
    return [_version(number) for number in range(OLDEST, NEWEST + 1)]


def _version(number: int) -> dict[str, str]:
    behind = _FIRST_WINTER - number
    season = _SEASONS[2 - behind % 3]
    year = _FIRST_YEAR - (behind + 2) // 3 if behind % 3 else _FIRST_YEAR - behind // 3
    text = f"{number}.0"
    label = f"{season} '{year:02d}"
    return {"label": label, "url": f"{DATA_ROOT}/v{text}", "version": text}


def check_version(version: str) -> None:
    """Refuse a version that is retired or not there yet."""
    number, _, minor = version.partition(".")
    if not number.isdigit() or minor not in ("", "0"):
        raise refuse("NOT_FOUND", "The requested resource does not exist")
    if int(number) < OLDEST:
        text = f"The API version {version} is no longer available."
        raise refuse("UNSUPPORTED_API_VERSION", text)


def resources(call: Call) -> Answer:
    """What there is below a version."""
    names = ("sobjects", "query", "queryAll", "limits", "composite")
    return Answer(body={name: f"{call.root}/{name}" for name in names})
