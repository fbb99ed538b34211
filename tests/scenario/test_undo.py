"""Preview and undo against the served providers and Syncline's own tables.

Undone writes are compared with what both servers held before; nobody is mailed, and
the next sessions find nothing to do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
import typer
from typer.testing import CliRunner

from syncline import composition
from syncline.cli import plan as plan_command
from syncline.cli import undo as undo_command
from syncline.cli.output import WRONG_USE
from syncline.domain.sessions import Session
from syncline.domain.values.history import KeptWrite, Refusal
from syncline.domain.values.ids import SessionId
from syncline.domain.values.operations import Verb
from syncline.notices.senders import MemoryNoticeSender
from syncline.store.history import SqlHistoryBook
from syncline.store.models import ActivityRow, LinkRow, SessionWriteRow
from syncline.usecases.errands import ErrandVerb
from syncline.usecases.plan_mailbox import plan_mailbox
from syncline.usecases.undo_session import UndoReport, UndoSession
from tests.scenario.effects import CountedLedger, CountedTransport, Effects
from tests.scenario.engine import plain_transport
from tests.scenario.people import timed
from tests.scenario.world import Saved, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


class Cut(Exception):  # noqa: N818 # no error, the end of a process
    """The process died here."""


@contextmanager
def undoing(world: World, effects: Effects | None = None) -> Iterator[UndoSession]:
    """The use case, with every call and commit counted."""
    counted = effects or Effects()
    books = composition.books()
    carrier = CountedTransport(counted, plain_transport())
    with httpx2.Client(timeout=10, transport=carrier, trust_env=False) as client:
        yield UndoSession(
            books=replace(books, ledger=CountedLedger(counted, books.ledger)),
            history=SqlHistoryBook(),
            sides=composition.sides(books.mailboxes.get(world.mailbox_id), client),
            clock=world.clock,
            notices=MemoryNoticeSender(),
        )


def undo(world: World, session: Session) -> UndoReport:
    """Take a session back."""
    assert session.id is not None
    with undoing(world) as use_case:
        return use_case.run(world.mailbox_id, session.id)


def _people_and_things(world: World) -> tuple[object, object]:
    """What both servers hold, without categories and ids."""
    facts = world.facts()
    items = [{**i, "categories": None, "key": None} for i in facts["items"]]
    records = [{**r, "key": None} for r in facts["records"]]
    return sorted(items, key=repr), sorted(records, key=repr)


DAY = timedelta(days=1)


def test_what_a_session_made_on_both_sides_is_gone_again_and_stays_gone(
    world: World, first: Saved
) -> None:
    world.restore(first)
    world.settle()
    world.outlook.add_event("Made for undo", timed(3, 15))
    world.crm.add_event("Came for undo", 4)
    before = _people_and_things(world)
    session = world.sync()
    assert _people_and_things(world) != before
    report = undo(world, session)
    assert report.refused == ()
    assert report.undone == 2
    assert _people_and_things(world) == before
    world.settle()
    world.clock.advance(DAY)
    world.settle()
    assert _people_and_things(world) == before
    assert world.guest_mails() == 0


def test_changes_and_deletions_are_put_back(world: World, first: Saved) -> None:
    world.restore(first)
    world.outlook.add_event(
        "To be changed", timed(3, 15), location={"displayName": "A"}
    )
    world.outlook.add_event("To be deleted", timed(4, 15))
    world.settle()
    world.outlook.change_event("To be changed", location={"displayName": "B"})
    world.outlook.delete_event("To be deleted")
    _, records = _people_and_things(world)
    session = world.sync()
    assert _people_and_things(world)[1] != records
    report = undo(world, session)
    assert (report.undone, report.refused) == (2, ())
    assert _people_and_things(world)[1] == records
    world.settle()
    assert _people_and_things(world)[1] == records
    assert world.guest_mails() == 0


def test_what_somebody_edited_since_is_refused_alone(
    world: World, first: Saved
) -> None:
    world.restore(first)
    world.settle()
    world.outlook.add_event("One", timed(3, 15))
    world.outlook.add_event("Two", timed(4, 15))
    session = world.sync()
    world.crm.change("Event", "Two", Location="By hand")
    report = undo(world, session)
    [refused] = report.refused
    assert (refused.write.name, refused.refusal) == ("Two", Refusal.CHANGED)
    assert refused.detail == "Location"
    titles = {r.get("Subject") for r in world.facts()["records"]}
    assert "Two" in titles
    assert "One" not in titles


def test_an_undo_killed_at_any_point_is_finished_by_the_next_one(
    world: World, first: Saved
) -> None:
    world.restore(first)
    world.settle()
    world.outlook.add_event("Made for undo", timed(3, 15))
    world.crm.add_event("Came for undo", 4)
    before = _people_and_things(world)
    session = world.sync()
    assert session.id is not None
    saved = world.save("before_undo")
    names = _effects(world, session.id, lambda point: None)
    assert len(names) >= 6
    for point in range(len(names)):
        world.restore(saved)
        with pytest.raises(Cut):
            _effects(world, session.id, _dying_at(point))
        world.end_leases()
        report = undo(world, session)
        assert report.refused == (), names[point]
        assert _people_and_things(world) == before, names[point]
        world.settle()
        assert _people_and_things(world) == before, names[point]
        assert world.guest_mails() == 0


def _dying_at(point: int) -> Callable[[int], None]:
    def die(now: int) -> None:
        if now == point + 1:
            raise Cut

    return die


def _effects(
    world: World, session_id: SessionId, at_point: Callable[[int], None]
) -> list[str]:
    effects = Effects(at_point=at_point)
    with undoing(world, effects) as use_case:
        use_case.run(world.mailbox_id, session_id)
    return effects.names


def test_a_forecast_is_what_the_session_keeps_of_its_writes(
    world: World, second: Saved
) -> None:
    world.restore(second)
    books = composition.books()
    before = world.facts()
    with httpx2.Client(verify=False, timeout=10, trust_env=False) as client:
        sides = composition.sides(books.mailboxes.get(world.mailbox_id), client)
        forecast = plan_mailbox(
            world.mailbox_id, books=books, sides=sides, clock=world.clock
        )
    assert world.facts() == before
    assert not SessionWriteRow.objects.filter(session__finished_at=None).exists()
    session = world.sync()
    assert session.id is not None
    kept = [w.write for w in SqlHistoryBook().writes(session.id)]
    # What Salesforce itself refuses, nobody can foresee.
    refused = set(
        LinkRow.objects.filter(hold__isnull=False).values_list("key", flat=True)
    )
    foreseen = {_fact(w.write) for w in forecast.writes if w.write.key not in refused}
    assert {_fact(w) for w in kept if w.key not in refused} == foreseen
    assert len(foreseen) > len(refused)
    assert {w.verb for w in kept} >= {Verb.CREATE, Verb.UPDATE, Verb.DELETE}


def _fact(write: KeptWrite) -> str:
    # A file may hang on what the same session makes, whose id nobody foresees.
    is_unknown = write.is_mark or write.verb in (Verb.CREATE, Verb.ATTACH)
    target = "" if is_unknown else write.target_id
    facts = (write.key, str(write.side), str(write.verb), write.is_mark, target)
    before = json.dumps(write.before, sort_keys=True)
    return repr((*facts, before, sorted(write.after)))


def test_an_errand_carries_out_what_a_page_asked_for(
    world: World, first: Saved
) -> None:
    world.restore(first)
    world.settle()
    world.outlook.add_event("Made for undo", timed(3, 15))
    session = world.sync()
    composition.ask_errand(
        world.mailbox_id, ErrandVerb.UNDO, session_id=session.id, who="ada"
    )
    assert composition.run_errands(world.mailbox_id)
    assert not composition.run_errands(world.mailbox_id)
    titles = {r.get("Subject") for r in world.facts()["records"]}
    assert "Made for undo" not in titles


def _command(what: Callable[..., None], *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(what)
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.stdout


def test_the_commands_say_what_would_be_written_and_undone_and_then_do_it(
    world: World, first: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "prepare", lambda: None)
    world.restore(first)
    world.outlook.add_event("Before", timed(3, 15), location={"displayName": "A"})
    world.settle()
    world.outlook.change_event("Before", location={"displayName": "B"})
    _, text = _command(plan_command.plan, str(world.mailbox_id))
    assert "update event in salesforce: Before" in text
    assert "Location: A -> B" in text
    session = world.sync()
    number = str(session.id)
    _, text = _command(undo_command.undo, number, "--dry-run", "--json")
    expected = json.loads(text)
    assert (expected["undone"], expected["refused"], expected["session"]) == (
        1,
        0,
        None,
    )
    assert expected["writes"][0]["fields"] == ["Location"]
    code, text = _command(undo_command.undo, number, "--json")
    report = json.loads(text)
    assert (code, report["undone"], report["writes"]) == (0, 1, expected["writes"])
    [line] = ActivityRow.objects.filter(what="session undone")
    assert (line.who, line.details["session"]) == ("command line", number)
    assert (line.details["undone"], line.details["refused"]) == ("1", "0")
    _, text = _command(undo_command.undo, number)
    assert "1 had been undone before." in text
    code, _ = _command(undo_command.undo, "999999")
    assert code == WRONG_USE
