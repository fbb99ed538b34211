"""What a session counted is said in plain words, whatever it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import syncline.domain.engine
import syncline.usecases.sync_mailbox
from syncline.domain.sessions import Counted, Session, Tally
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.web.sync_settings import words
from syncline.web.sync_settings.session_view import session_view
from tests.factories import NOW
from tests.web.people import Home
from tests.web.rows import session_row

ENGINE = Path(syncline.domain.engine.__path__[0])
SESSION = Path(syncline.usecases.sync_mailbox.__path__[0])


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can amount to."""
    match node:
        case ast.Constant(value=str() as text) if text:
            yield text
        case ast.IfExp():
            yield from texts(node.body)
            yield from texts(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from texts(value)
        case ast.JoinedStr(values=[ast.Constant(value=str() as start), _]):
            yield from (f"{start}{end}" for end in sorts_that_are_no_mail())


def sorts_that_are_no_mail() -> list[str]:
    tree = ast.parse((ENGINE / "saving.py").read_text())
    tables = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and ast.unparse(node.targets[0]) == "_NOT_MAIL"
    ]
    return [text for table in tables for v in table.values for text in texts(v)]


def reasons_of_the_engine() -> set[str]:
    """Every text that a decision can give for leaving something alone."""
    found: set[str] = set()
    for path in (*ENGINE.glob("*.py"), *SESSION.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "reason"
            ):
                found.update(texts(node.value))
            if isinstance(node, ast.keyword) and node.arg == "skipped":
                found.update(texts(node.value))
            if isinstance(node, ast.FunctionDef) and "reason" in node.name:
                returns = [n for n in ast.walk(node) if isinstance(n, ast.Return)]
                found.update(t for r in returns if r.value for t in texts(r.value))
    return found


def test_every_reason_of_the_engine_has_words() -> None:
    reasons = reasons_of_the_engine()
    assert "not an e-mail: a read receipt" in reasons
    assert "saved without some of its files" in reasons
    assert reasons - set(words.SKIPPED) == set()


def test_everything_that_is_counted_has_words() -> None:
    assert set(words.COUNTED) == set(Counted)


def test_reasons_are_listed_by_type_and_the_most_frequent_first() -> None:
    def left_alone(kind: Kind, count: int, reason: str) -> Tally:
        return Tally(
            kind=kind,
            side=Side.CRM,
            counted=Counted.SKIPPED,
            count=count,
            reason=reason,
        )

    session = Session(
        id=None,
        mailbox_id=MailboxId(1),
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=1),
        result="SW0000",
        tallies=(
            left_alone(Kind.MESSAGE, 3, "not an e-mail: a draft"),
            left_alone(Kind.TASK, 1, "a reason of long ago"),
            left_alone(Kind.MESSAGE, 9, "nobody in Salesforce has to do with it"),
        ),
    )
    listed = [(s.count, str(s.reason)) for s in session_view(session).skipped]
    assert listed == [
        (1, "a reason of long ago"),
        (9, "nobody who takes part is known in Salesforce"),
        (3, "drafts, not sent yet"),
    ]


@pytest.mark.parametrize(
    ("counted", "label"),
    [
        ("drift", "Found by comparing"),
        ("mailed", "Guests mailed"),
        ("attached", "Files"),
        ("confirmation", "Confirmations"),
    ],
)
def test_what_is_rare_has_a_column_when_it_happened(
    counted: str, label: str, alice: Home
) -> None:
    tally = {"kind": "message", "side": "crm", "reason": "", "count": 4}
    session_row(alice.mailbox, tallies=[{**tally, "counted": counted}])
    page = alice.client.get("/sync-settings/").text
    assert f'data-label="{label}">4</td>' in page


def test_what_did_not_happen_has_no_column(alice: Home) -> None:
    session_row(alice.mailbox)
    assert "Guests mailed" not in alice.client.get("/sync-settings/").text
