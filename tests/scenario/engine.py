"""Builds the real use case, with the network and the ledger in a test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx2

from syncline import composition
from syncline.connectors.base.http import Http
from syncline.domain.ports import Clock
from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.notices.senders import MemoryNoticeSender
from syncline.usecases.sync_mailbox.session import SyncMailbox
from tests.scenario.effects import CountedLedger, CountedTransport, Effects


def plain_transport() -> httpx2.HTTPTransport:
    """The way to servers on loopback; no certificates are loaded for it."""
    return httpx2.HTTPTransport(verify=False)


@contextmanager
def sync_mailbox(
    mailbox_id: MailboxId,
    clock: Clock,
    *,
    transport: httpx2.BaseTransport | None = None,
    effects: Effects | None = None,
) -> Iterator[SyncMailbox]:
    """The use case of one mailbox.

    Args:
        mailbox_id: Whose sides it has.
        clock: The product's time.
        transport: Between the connectors and the servers.
        effects: Counts calls and commits.
    """
    counted = effects or Effects()
    books = composition.books()
    carrier = CountedTransport(counted, transport or plain_transport())
    with httpx2.Client(timeout=10, transport=carrier, trust_env=False) as client:
        sides = composition.sides(books.mailboxes.get(mailbox_id), client)
        for meter in sides.meters.values():
            assert isinstance(meter, Http)
            # Waiting between repeats takes time and proves nothing here.
            meter._sleep = lambda seconds: None
        yield SyncMailbox(
            books=replace(books, ledger=CountedLedger(counted, books.ledger)),
            sides=sides,
            clock=clock,
            notices=MemoryNoticeSender(),
        )


def run_session(
    mailbox_id: MailboxId,
    clock: Clock,
    *,
    transport: httpx2.BaseTransport | None = None,
    effects: Effects | None = None,
    is_asked: bool = False,
) -> Session:
    """One session from its beginning to its end."""
    counted = effects or Effects()
    with sync_mailbox(
        mailbox_id, clock, transport=transport, effects=counted
    ) as use_case:
        counted.begin()
        return use_case.run(mailbox_id, is_asked=is_asked)


LATER = timedelta(hours=10)
