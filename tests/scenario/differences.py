"""Says how two states differ, short enough to be read."""

from __future__ import annotations

from tests.scenario.facts import Facts


def differences(expected: Facts, found: Facts) -> list[str]:
    """One line for each thing that only one of the states has."""
    lines = []
    for kind in expected:
        before = [repr(thing) for thing in expected[kind]]
        after = [repr(thing) for thing in found[kind]]
        missing, added = list(before), []
        for each in after:
            if each in missing:
                missing.remove(each)
            else:
                added.append(each)
        lines += _pairs(kind, missing, added)
    return lines


def _pairs(kind: str, missing: list[str], added: list[str]) -> list[str]:
    lines = []
    for text in missing:
        other = next((a for a in added if a[:40] == text[:40]), "")
        if other:
            added.remove(other)
            start = next(
                i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b
            )
            begin = max(0, start - 60)
            lines.append(
                f"{kind} {text[:50]}: expected …{text[begin : start + 120]}… "
                f"found …{other[begin : start + 120]}…"
            )
        else:
            lines.append(f"{kind} lost: {text[:200]}")
    return lines + [f"{kind} more: {text[:200]}" for text in added]
