"""The colors of categories, as Outlook draws them."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.sandbox.microsoft365.entities import Item, Mailbox

#: Fill and text color of each preset.
PRESETS = {
    "preset0": ("#d13438", "#ffffff"),
    "preset1": ("#f7630c", "#1b1a19"),
    "preset2": ("#c19c7b", "#1b1a19"),
    "preset3": ("#fce100", "#1b1a19"),
    "preset4": ("#3aa655", "#1b1a19"),
    "preset5": ("#00b7a8", "#1b1a19"),
    "preset6": ("#9bab3d", "#1b1a19"),
    "preset7": ("#0f6cbd", "#ffffff"),
    "preset8": ("#8764b8", "#ffffff"),
    "preset9": ("#c30052", "#ffffff"),
    "preset10": ("#a0aeb2", "#1b1a19"),
    "preset11": ("#5d6b70", "#ffffff"),
    "preset12": ("#c8c6c4", "#1b1a19"),
    "preset13": ("#6b6966", "#ffffff"),
    "preset14": ("#201f1e", "#ffffff"),
    "preset15": ("#8e1a1d", "#ffffff"),
    "preset16": ("#a4400a", "#ffffff"),
    "preset17": ("#6b4a2b", "#ffffff"),
    "preset18": ("#986f0b", "#ffffff"),
    "preset19": ("#14602b", "#ffffff"),
    "preset20": ("#036b66", "#ffffff"),
    "preset21": ("#555f1a", "#ffffff"),
    "preset22": ("#0b3a6e", "#ffffff"),
    "preset23": ("#4b2f7f", "#ffffff"),
    "preset24": ("#75043a", "#ffffff"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A category as drawn on an item.

    `kind` is `colored`, `blank` (color `none`: a white box) or `unlisted` (not
    in the master list: no box at all).
    """

    name: str
    kind: str
    fill: str = ""
    ink: str = ""


def chips(mailbox: Mailbox, item: Item) -> list[Chip]:
    """The categories of an item in the colors of the mailbox's master list."""
    return [chip(mailbox, name) for name in item.fields.get("categories") or []]


def chip(mailbox: Mailbox, name: str) -> Chip:
    """One category in the color of the mailbox's master list."""
    for category in mailbox.categories:
        if category["displayName"].casefold() == name.casefold():
            if category["color"] not in PRESETS:
                return Chip(name, "blank")
            fill, ink = PRESETS[category["color"]]
            return Chip(name, "colored", fill, ink)
    return Chip(name, "unlisted")
