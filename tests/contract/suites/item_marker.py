"""What every ItemMarker promises."""

from __future__ import annotations

from syncline.domain.values.changes import Presence
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder, MarkOutcome, Verb
from tests.contract.rigs.rig import MailboxRig, operation

ERROR = "Sync Error"
DETAIL = "Status: Required fields are missing"
OTHER_DETAIL = "Status: Phone is too long"


class ItemMarkerContract:
    """Inherited by each implementation; `rig` is an empty mailbox."""

    #: What the implementation under test handles.
    kinds: tuple[Kind, ...] = (Kind.EVENT, Kind.CONTACT)

    def look(self, rig: MailboxRig, kind: Kind, item_id: str) -> Item:
        [change] = rig.changes.fetch(kind, [item_id])
        assert change.presence is Presence.SEEN
        assert isinstance(change.thing, Item)
        return change.thing

    def mark(  # a test names what it cares about
        self,
        rig: MailboxRig,
        kind: Kind,
        item_id: str,
        *,
        add: tuple[str, ...] = (),
        remove: tuple[str, ...] = (),
        known: Item | None = None,
        set_link_key: bool = False,
    ) -> MarkOutcome:
        order = MarkOrder(
            key=LinkKey("key-1"),
            kind=kind,
            item_id=ItemId(item_id),
            add=add,
            remove=remove,
            categories=known.categories if known else None,
            version=known.version if known else "",
            set_link_key=set_link_key,
        )
        [outcome] = rig.marker.mark([order])
        assert outcome.order == order
        return outcome

    def test_marks_come_beside_the_owners_categories(
        self, rig: MailboxRig, kind: Kind
    ) -> None:
        item_id = rig.add(kind, "Marked")
        rig.categorize(kind, item_id, "Customer", "Private life")
        outcome = self.mark(rig, kind, item_id, add=(ERROR, DETAIL))
        assert outcome.fault is None
        expected = ["Customer", "Private life", ERROR, DETAIL]
        assert rig.categories(kind, item_id) == expected

    def test_only_what_is_asked_is_removed(self, rig: MailboxRig, kind: Kind) -> None:
        item_id = rig.add(kind, "Marked")
        rig.categorize(kind, item_id, ERROR, "Customer", DETAIL, "Status: mine")
        self.mark(rig, kind, item_id, remove=(ERROR, DETAIL))
        assert rig.categories(kind, item_id) == ["Customer", "Status: mine"]

    def test_names_are_compared_without_regard_to_case(self, rig: MailboxRig) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        rig.categorize(Kind.EVENT, item_id, "sync error", "CUSTOMER")
        self.mark(rig, Kind.EVENT, item_id, add=(ERROR,))
        assert rig.categories(Kind.EVENT, item_id) == ["sync error", "CUSTOMER"]
        self.mark(rig, Kind.EVENT, item_id, remove=(ERROR,))
        assert rig.categories(Kind.EVENT, item_id) == ["CUSTOMER"]

    def test_one_mark_is_exchanged_for_another(self, rig: MailboxRig) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        self.mark(rig, Kind.EVENT, item_id, add=(ERROR, DETAIL))
        self.mark(rig, Kind.EVENT, item_id, add=(OTHER_DETAIL,), remove=(DETAIL,))
        assert rig.categories(Kind.EVENT, item_id) == [ERROR, OTHER_DETAIL]

    def test_marking_twice_changes_nothing(self, rig: MailboxRig) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        self.mark(rig, Kind.EVENT, item_id, add=(ERROR,))
        before = self.look(rig, Kind.EVENT, item_id)
        assert self.mark(rig, Kind.EVENT, item_id, add=(ERROR,)).fault is None
        assert self.look(rig, Kind.EVENT, item_id) == before

    def test_content_stays_as_it_was(self, rig: MailboxRig) -> None:
        item_id = rig.add(Kind.CONTACT, "Marked")
        before = self.look(rig, Kind.CONTACT, item_id)
        self.mark(rig, Kind.CONTACT, item_id, add=(ERROR, DETAIL))
        assert self.look(rig, Kind.CONTACT, item_id).content == before.content

    def test_the_answered_version_guards_the_next_write(
        self, rig: MailboxRig, kind: Kind
    ) -> None:
        item_id = rig.add(kind, "Marked")
        known = self.look(rig, kind, item_id)
        outcome = self.mark(rig, kind, item_id, add=(ERROR,), known=known)
        marked = self.look(rig, kind, item_id)
        assert outcome.version == marked.version
        update = operation(
            rig.side,
            Verb.UPDATE,
            kind,
            name="Renamed",
            target_id=item_id,
            version=outcome.version,
            item=marked,
        )
        [written] = rig.writer.write([update])
        assert written.is_done
        assert rig.categories(kind, item_id) == [ERROR]

    def test_a_category_that_the_owner_adds_meanwhile_is_kept(
        self, rig: MailboxRig
    ) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        known = self.look(rig, Kind.EVENT, item_id)
        rig.categorize(Kind.EVENT, item_id, "Customer")
        outcome = self.mark(rig, Kind.EVENT, item_id, add=(ERROR,), known=known)
        assert outcome.fault is None
        assert rig.categories(Kind.EVENT, item_id) == ["Customer", ERROR]

    def test_the_link_key_is_written_when_asked(
        self, rig: MailboxRig, kind: Kind
    ) -> None:
        item_id = rig.add(kind, "Marked")
        assert self.look(rig, kind, item_id).link_key is None
        self.mark(rig, kind, item_id, add=(ERROR,))
        assert self.look(rig, kind, item_id).link_key is None
        self.mark(rig, kind, item_id, remove=(ERROR,), set_link_key=True)
        marked = self.look(rig, kind, item_id)
        assert (marked.link_key, marked.categories) == ("key-1", ())

    def test_meetings_are_marked_without_telling_guests(self, rig: MailboxRig) -> None:
        meeting_id = rig.add_meeting("Meeting")
        outcome = self.mark(
            rig, Kind.EVENT, meeting_id, add=(ERROR,), set_link_key=True
        )
        assert outcome.fault is None
        assert rig.categories(Kind.EVENT, meeting_id) == [ERROR]
        assert rig.guest_mails() == 0

    def test_a_missing_item_stops_no_other(self, rig: MailboxRig) -> None:
        one, gone, two = (rig.add(Kind.EVENT, name) for name in "ABC")
        rig.delete(Kind.EVENT, gone)
        orders = [
            MarkOrder(
                key=LinkKey(item_id),
                kind=Kind.EVENT,
                item_id=ItemId(item_id),
                add=(ERROR,),
            )
            for item_id in (one, gone, two)
        ]
        outcomes = rig.marker.mark(orders)
        assert [outcome.order for outcome in outcomes] == orders
        faults = [o.fault.fault_class if o.fault else None for o in outcomes]
        assert faults == [None, FaultClass.NOT_FOUND, None]
        assert rig.categories(Kind.EVENT, two) == [ERROR]

    def test_missing_categories_are_made_with_their_colors(
        self, rig: MailboxRig
    ) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        self.mark(rig, Kind.EVENT, item_id, add=(ERROR, DETAIL, "Salesforce"))
        colors = rig.colors()
        expected = {ERROR: "red", DETAIL: "", "Salesforce": "blue"}
        assert {name: colors[name] for name in expected} == expected

    def test_offered_category_is_there_to_be_picked_and_once(
        self, rig: MailboxRig
    ) -> None:
        rig.marker.offer(["Salesforce"])
        offered = dict(rig.colors())
        rig.marker.offer(["Salesforce"])
        assert "Salesforce" in offered
        assert dict(rig.colors()) == offered

    def test_tidying_removes_only_our_unused_details(self, rig: MailboxRig) -> None:
        item_id = rig.add(Kind.EVENT, "Marked")
        names = (ERROR, DETAIL, OTHER_DETAIL, "Customer")
        self.mark(rig, Kind.EVENT, item_id, add=names)
        rig.marker.tidy(frozenset({OTHER_DETAIL}))
        assert {ERROR, OTHER_DETAIL, "Customer"} <= rig.colors().keys()
        assert DETAIL not in rig.colors()

    def test_no_orders_do_nothing(self, rig: MailboxRig) -> None:
        assert rig.marker.mark([]) == []
