"""The icons under Connectivity open the very item and the very record.

Reference 4.3-2: "clicking one opens the offending record there".
"""

from __future__ import annotations

from collections import Counter
from html import unescape

import httpx2
import pytest
from django.utils import timezone

from syncline.domain.issues.issue import IssueState, fingerprint
from syncline.domain.values.kinds import Kind
from syncline.store import queries
from syncline.store.models import IssueRow, LinkRow, MailboxRow
from syncline.web.sync_settings.issue_view import Place, shown
from tests.scenario.world import Saved, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def places(world: World, second: Saved) -> list[tuple[LinkRow, tuple[Place, ...]]]:
    """What an issue about each pair would offer; the pairs have both ends."""
    world.restore(second)
    world.settle()
    pairs = LinkRow.objects.filter(state="linked", record_id__isnull=False)
    return [(pair, _places(world, pair)) for pair in pairs]


def _places(world: World, pair: LinkRow) -> tuple[Place, ...]:
    subject = f"link:{pair.key}"
    row = IssueRow.objects.create(
        mailbox=MailboxRow.objects.get(pk=world.mailbox_id),
        fingerprint=fingerprint(world.mailbox_id, "SD0114", subject),
        code="SD0114",
        subject=subject,
        kind=pair.kind,
        side="crm",
        name=pair.name,
        item_id=pair.item_id,
        record_id=pair.record_id,
        web_link=pair.web_link,
        state=IssueState.OPEN,
        first_seen=timezone.now(),
        last_seen=timezone.now(),
    )
    view = queries.one_issue(world.mailbox_id, row.pk)
    assert view is not None
    return shown(view, "Outlook").places


def test_every_pair_of_every_type_can_be_opened_on_both_sides(
    places: list[tuple[LinkRow, tuple[Place, ...]]],
) -> None:
    opened: Counter[str] = Counter()
    with httpx2.Client(verify=False, trust_env=False, timeout=10) as browser:
        for pair, both in places:
            for place in both:
                page = browser.get(place.address, follow_redirects=True)
                assert page.status_code == 200, (pair.kind, place)
                assert pair.name in unescape(page.text), (pair.kind, place)
            opened[pair.kind] += 1
    assert set(opened) == set(Kind)
    assert any(pair.series_key for pair, _ in places)
