"""What is saved to Salesforce, by whom it was marked, and whom it is tied to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from syncline.domain.access.policy import NewCompanies, NewPeople, Policy, SavingMode
from syncline.domain.engine.addresses import Standpoint, outside, standpoint
from syncline.domain.engine.decisions import Decision, Known, Scene
from syncline.domain.engine.messages import SAVED_FILES
from syncline.domain.engine.pair import pair
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.tie_ins import account_for
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Change
from syncline.domain.values.content import LINK_TYPE, Attachment, Attendee
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Base, LinkState
from syncline.domain.values.operations import Verb
from syncline.domain.values.people import Company, Deal, NewPerson, Person, Traits
from tests import factories as make
from tests.factories import NOW, gone, seen

ALL = frozenset(Kind)
EMAIL_ORG = Traits(has_email_message=True, has_advanced_calendaring=True)
GRACE = Person(
    id=RecordId("003G"), object_name="Contact", emails=("grace@acme.example",),
    account_id="001A",
)  # fmt: skip
LEAD = Person(id=RecordId("00QL"), object_name="Lead", emails=("leo@new.example",))
ACME = Company(id=RecordId("001A"), name="Acme", domain="acme.example")


def policy(**changes: Any) -> Policy:
    return replace(Policy(auto_save=ALL), **changes)


def decide(
    *changes: Change, known: Known | None = None, links: Any = (), **choices: Any
) -> list[Decision]:
    mailbox = make.mailbox(
        policy=policy(**choices),
        crm_instance_url="https://northwind.my.salesforce.com",
    )
    scene = Scene(
        mailbox=mailbox,
        window=window_at(NOW, mailbox.policy),
        now=NOW,
        traits=EMAIL_ORG,
        known=known or Known(),
    )
    items = [c for c in changes if c.side is Side.MAILBOX]
    records = [c for c in changes if c.side is Side.CRM]
    return [reconcile(p, scene) for p in pair(mailbox, items, records, list(links))]


def known(*people: Person, companies: tuple[Company, ...] = (), **rest: Any) -> Known:
    return Known(
        people={e: (p,) for p in people for e in p.emails},
        companies={c.domain: (c,) for c in companies},
        **rest,
    )


def message(**content: Any) -> Item:
    facts = {k: content.pop(k) for k in ("categories", "is_filed") if k in content}
    return make.item(Kind.MESSAGE, content=content, **facts)


def creates(decision: Decision) -> bool:
    return [(o.side, o.verb) for o in decision.operations] == [(Side.CRM, Verb.CREATE)]


# --- what is a message ---


@pytest.mark.parametrize("sort", ["draft", "receipt", "report", "meeting"])
def test_what_is_no_mail_is_not_saved_even_when_marked(sort: str) -> None:
    marked = message(sort=sort, categories=("Salesforce",))
    (decision,) = decide(seen(marked), known=known(GRACE))
    assert not decision.operations
    assert decision.skipped.startswith("not an e-mail")
    assert decision.forget


def test_a_message_of_a_known_person_is_saved_once() -> None:
    (decision,) = decide(seen(message()), known=known(GRACE))
    assert creates(decision)
    fields = decision.operations[0].fields
    assert fields["MessageIdentifier"] == "uid-i1"
    assert fields["RelatedToId"] == "001A"


def test_a_saved_message_is_never_written_again() -> None:
    link = make.link(Kind.MESSAGE, base=Base())
    edited = replace(message(subject="Changed"), version="v9")
    (decision,) = decide(seen(edited), links=[link], known=known(GRACE))
    assert decision.operations == ()


def test_deleting_a_message_keeps_its_record() -> None:
    link = make.link(Kind.MESSAGE, base=Base())
    (decision,) = decide(gone(Side.MAILBOX, "i1", Kind.MESSAGE), links=[link])
    assert decision.operations == ()
    assert decision.link.state is LinkState.TOMBSTONE


def test_a_message_whose_record_was_deleted_is_saved_again_only_when_marked() -> None:
    link = make.link(Kind.MESSAGE, base=Base(), state=LinkState.TOMBSTONE)
    (left,) = decide(seen(message()), links=[link], known=known(GRACE))
    assert not left.operations
    marked = message(categories=("Salesforce",))
    (again,) = decide(seen(marked), links=[link], known=known(GRACE))
    assert creates(again)


def test_the_same_message_has_one_key_in_all_mailboxes() -> None:
    """F16, F17: the internet message id is the identity, in the whole org."""
    (ada,) = decide(seen(message()), known=known(GRACE))
    bruno = make.mailbox(id=2, address="bruno@northwind.example", policy=policy())
    (found,) = pair(bruno, [seen(replace(message(), id="b7"))], [], [])
    assert found.link.key == ada.operations[0].key


def test_a_second_copy_in_another_folder_is_the_same_message() -> None:
    """D11"""
    link = replace(decide(seen(message()), known=known(GRACE))[0].link, item_id="i1")
    copy = replace(message(), id="i2")
    assert decide(seen(copy), links=[link], known=known(GRACE)) == []


# --- modes (3.9-4) ---


@pytest.mark.parametrize(
    ("mode", "whom", "saved"),
    [
        (SavingMode.GENERAL, known(GRACE), True),
        (SavingMode.GENERAL, known(companies=(ACME,)), False),
        (SavingMode.FORCED, known(), True),
        (SavingMode.SMART, known(companies=(ACME,)), True),
        (SavingMode.SMART, known(), False),
        (SavingMode.USEFUL, known(GRACE), True),
        (SavingMode.USEFUL, known(companies=(ACME,)), False),
        (SavingMode.FLEXIBLE, known(companies=(ACME,)), True),
        (SavingMode.FLEXIBLE, known(), False),
    ],
)
def test_mode_decides_what_is_saved_without_a_mark(
    mode: SavingMode, whom: Known, saved: bool
) -> None:
    (decision,) = decide(seen(message()), known=whom, saving_mode=mode)
    assert creates(decision) is saved
    assert bool(decision.skipped) is not saved


def test_a_marked_message_is_saved_whoever_is_on_it() -> None:
    """3.9-6"""
    for marked in (message(categories=("SALESFORCE",)), message(is_filed=True)):
        (decision,) = decide(seen(marked), auto_save=frozenset())
        assert creates(decision)


def test_internal_and_blocked_mail_is_not_saved() -> None:
    """3.2-2, 3.10-3"""
    internal = message(sender_email="bruno@northwind.example")
    (decision,) = decide(seen(internal), saving_mode=SavingMode.FORCED)
    assert not decision.operations
    (blocked,) = decide(
        seen(message()),
        known=known(GRACE),
        blocklist=frozenset({"acme.example"}),
    )
    assert not blocked.operations


def test_one_free_address_is_enough_and_only_it_is_linked() -> None:
    """3.2-4"""
    mixed = message(
        recipients=(
            Attendee(email="leo@new.example", role="to"),
            Attendee(email="ada@northwind.example", role="cc"),
        )
    )
    (decision,) = decide(
        seen(mixed),
        known=known(GRACE, LEAD),
        blocklist=frozenset({"grace@acme.example"}),
    )
    assert creates(decision)
    assert "003G" not in str(decision.operations[0].fields)


def test_only_the_chosen_directions_are_saved_automatically() -> None:
    """3.12-1"""
    sent_only = {"message_directions": frozenset({"out"})}
    (inbound,) = decide(seen(message()), known=known(GRACE), **sent_only)
    assert not inbound.operations
    sent = message(
        direction="out",
        sender_email="ada@northwind.example",
        recipients=(Attendee(email="grace@acme.example", role="to"),),
    )
    (outbound,) = decide(seen(sent), known=known(GRACE), **sent_only)
    assert creates(outbound)


# --- people who are made (3.9) ---


def test_nobody_is_made_unless_the_profile_says_so() -> None:
    (decision,) = decide(seen(message()), saving_mode=SavingMode.FORCED)
    assert decision.people == ()
    assert creates(decision)


def test_forced_mode_makes_one_person_first() -> None:
    choices = {"saving_mode": SavingMode.FORCED, "new_people": NewPeople.CONTACT}
    (decision,) = decide(seen(message()), **choices)
    assert decision.people == (
        NewPerson(email="grace@acme.example", name="Grace Hopper"),
    )
    assert not decision.operations
    assert not decision.forget


@pytest.mark.parametrize("mode", [SavingMode.SMART, SavingMode.FLEXIBLE])
def test_unknown_people_of_known_companies_are_made(mode: SavingMode) -> None:
    choices = {"saving_mode": mode, "new_people": NewPeople.CONTACT}
    (decision,) = decide(seen(message()), known=known(companies=(ACME,)), **choices)
    assert [p.account_id for p in decision.people] == ["001A"]


def test_free_mail_never_makes_a_person_or_stands_for_a_company() -> None:
    """3.9-3"""
    free = message(sender_email="someone@gmail.com")
    gmail = Company(id=RecordId("001M"), name="Mail", domain="gmail.com")
    choices = {"saving_mode": SavingMode.FORCED, "new_people": NewPeople.CONTACT}
    (decision,) = decide(seen(free), known=known(companies=(gmail,)), **choices)
    assert decision.people == ()
    assert decision.operations[0].fields["RelatedToId"] is None


def test_a_company_is_named_after_its_domain_where_the_profile_wants_one() -> None:
    choices = {
        "saving_mode": SavingMode.FORCED,
        "new_people": NewPeople.CONTACT,
        "new_companies": NewCompanies.BY_DOMAIN,
    }
    (decision,) = decide(seen(message()), **choices)
    assert [p.account_name for p in decision.people] == ["Acme"]


def test_whom_salesforce_refused_does_not_stop_the_message() -> None:
    choices = {"saving_mode": SavingMode.FORCED, "new_people": NewPeople.LEAD}
    (decision,) = decide(
        seen(message()),
        known=Known(refused=frozenset({"grace@acme.example"})),
        **choices,
    )
    assert creates(decision)


# --- ties (3.8) ---


def meeting(**changes: Any) -> Item:
    guests = (Attendee(email="grace@acme.example", response="accepted"),)
    return make.item(content={"attendees": guests, **changes})


def test_an_event_is_tied_to_its_guest_and_the_guests_company() -> None:
    (decision,) = decide(seen(meeting()), known=known(GRACE))
    fields = decision.operations[0].fields
    assert (fields["WhoId"], fields["WhatId"]) == ("003G", "001A")
    assert fields["Invitees"] == '[["003G", "Accepted"]]'


def test_a_lead_stands_alone() -> None:
    guests = (Attendee(email="leo@new.example"),)
    event = make.item(content={"attendees": guests})
    (decision,) = decide(seen(event), known=known(LEAD, companies=(ACME,)))
    fields = decision.operations[0].fields
    assert fields["WhoId"] == "00QL"
    assert "WhatId" not in fields


def test_without_a_person_the_company_of_the_domain_is_taken() -> None:
    marked = replace(meeting(), categories=("Salesforce",))
    (decision,) = decide(seen(marked), known=known(companies=(ACME,)))
    fields = decision.operations[0].fields
    assert "WhoId" not in fields
    assert fields["WhatId"] == "001A"


def test_the_users_latest_deal_is_taken_where_deals_are_linked() -> None:
    """3.8-5"""

    def deal(name: str, owner: str, year: int) -> Deal:
        return Deal(
            id=RecordId(name), account_id="001A", owner_id=owner, is_closed=False,
            closes_on=date(2027, 1, 1), created_at=datetime(year, 1, 1, tzinfo=UTC),
        )  # fmt: skip

    mine = make.mailbox().crm_user_id
    deals = (deal("006old", mine, 2024), deal("006new", mine, 2026),
             deal("006his", "005other", 2027))  # fmt: skip
    whom = known(GRACE, deals={"001A": deals})
    (linked,) = decide(seen(meeting()), known=whom, link_opportunities=True)
    assert linked.operations[0].fields["WhatId"] == "006new"
    (plain,) = decide(seen(meeting()), known=whom)
    assert plain.operations[0].fields["WhatId"] == "001A"


DEAL = "006000000000001AAA"


@pytest.mark.parametrize(
    ("link", "what"),
    [
        (
            f"https://northwind.lightning.force.com/lightning/r/Opportunity/{DEAL}/view",
            DEAL,
        ),
        (f"see https://northwind.my.salesforce.com/{DEAL}.", DEAL),
        (f"https://northwind.my.salesforce.com/{DEAL[:15]}", DEAL[:15]),
        (f"https://other.my.salesforce.com/{DEAL}", "001A"),
        ("https://northwind.my.salesforce.com/003000000000001AAA", "001A"),
    ],
)
def test_a_link_to_a_record_in_the_text_names_what_it_is_about(
    link: str, what: str
) -> None:
    """3.8-3: records of this org only, and no persons."""
    (decision,) = decide(seen(message(body=f"Dear Ada, {link}")), known=known(GRACE))
    assert decision.operations[0].fields["RelatedToId"] == what


def test_a_message_that_only_points_to_a_record_is_saved() -> None:
    body = f"https://northwind.my.salesforce.com/{DEAL}"
    (decision,) = decide(seen(message(body=body)))
    assert creates(decision)
    internal = message(body=body, sender_email="bruno@northwind.example")
    (left,) = decide(seen(internal))
    assert not left.operations


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ((("1", "Acme"), ("2", "Acme")), "1"),
        ((("1", "Acme Holding"),), "1"),
        ((("1", "Acme Holding"), ("2", "Acme Labs")), ""),
        ((), ""),
    ],
)
def test_a_new_contacts_account_goes_by_the_companys_name(
    names: tuple[tuple[str, str], ...], chosen: str
) -> None:
    """3.8-8: exact and oldest, else the only one that contains it."""
    companies = tuple(
        Company(
            id=RecordId(i), name=n, created_at=datetime(2020 + int(i), 1, 1, tzinfo=UTC)
        )
        for i, n in names
    )
    assert account_for("ACME ", Known(named={"acme": companies})) == chosen


def test_events_of_nobody_are_saved_only_where_the_profile_says_so() -> None:
    """3.9-5"""
    (decision,) = decide(seen(make.item()))
    assert not decision.operations
    (saved,) = decide(seen(make.item()), save_unrelated_events=True)
    assert creates(saved)


@pytest.mark.parametrize("response", ["none", "declined"])
def test_an_unanswered_invitation_waits(response: str) -> None:
    """3.5-3: ISE-013."""
    invitation = replace(
        meeting(), is_organizer=False, organizer="grace@acme.example", response=response
    )
    (decision,) = decide(seen(invitation), known=known(GRACE))
    assert [f.slug for f in decision.findings] == ["waits_for_organizer"]
    (saved,) = decide(seen(invitation), known=known(GRACE), save_unanswered=True)
    assert creates(saved)


# --- files of messages ---


def file(name: str, size: int = 10, **rest: Any) -> Attachment:
    return Attachment(id=f"a-{name}", name=name, size_bytes=size, **rest)


def test_files_follow_the_message_one_by_one_and_once() -> None:
    """K07"""
    files = (file("offer.pdf"), file("logo.png", is_inline=True), file("x.docx"))
    link = make.link(
        Kind.MESSAGE, base=Base(item={SAVED_FILES: ("a-x.docx",)}), record_id="02sR"
    )
    (decision,) = decide(seen(message(attachments=files)), links=[link])
    assert [(o.verb, o.target_id) for o in decision.operations] == [
        (Verb.ATTACH, "02sR")
    ]
    assert decision.operations[0].fields["attachment"] == files[0]


def test_files_that_are_too_big_or_of_another_type_are_told_not_failed() -> None:
    """H15"""
    files = (
        file("film.mov"),
        file("huge.pdf", size=26 * 1024 * 1024),
        file("empty.pdf", size=0),
        file("drive.pdf", content_type=LINK_TYPE),
    )
    link = make.link(Kind.MESSAGE, base=Base())
    (decision,) = decide(seen(message(attachments=files)), links=[link])
    assert decision.operations == ()
    (told,) = decision.findings
    assert told.slug == "attachment_left_out"
    assert not told.holds
    assert "film.mov" in told.params["value"]
    assert "huge.pdf" in told.params["value"]
    assert "empty.pdf (it is empty)" in told.params["value"]
    assert "drive.pdf (it is a link to a file elsewhere)" in told.params["value"]


def test_encrypted_messages_go_without_files() -> None:
    """K04"""
    link = make.link(Kind.MESSAGE, base=Base())
    mail = message(encrypted=True, attachments=(file("smime.p7m"),))
    (decision,) = decide(seen(mail), links=[link])
    assert decision.operations == ()
    assert decision.findings == ()


# --- one way (3.12) ---


def test_upward_profile_undoes_what_was_changed_in_salesforce() -> None:
    up = {"directions": {Kind.EVENT: Direction.UP}, "save_unrelated_events": True}
    record = make.record(fields={"Subject": "Changed there"})
    (decision,) = decide(seen(record), links=[make.link()], **up)
    (operation,) = decision.operations
    assert (operation.side, operation.fields) == (Side.CRM, {"Subject": "Demo at Acme"})
    (again,) = decide(
        seen(make.item()), gone(Side.CRM, "r1"), links=[make.link()], **up
    )
    assert creates(again)


def test_downward_profile_undoes_what_was_changed_in_the_mailbox() -> None:
    down = {"directions": {Kind.EVENT: Direction.DOWN}, "save_unrelated_events": True}
    item = make.item(content={"subject": "Changed here"}, version="v2")
    (decision,) = decide(seen(item), links=[make.link()], **down)
    (operation,) = decision.operations
    assert operation.side is Side.MAILBOX
    assert operation.fields == {"subject": "Demo at Acme"}
    (fresh,) = decide(seen(make.item(name="i9")), **down)
    assert not fresh.operations


# --- addresses ---


def test_blocklists_are_one_union_and_win_over_everything() -> None:
    mailbox = make.mailbox(
        policy=policy(
            blocklist=frozenset({"spam.example"}),
            internal_domains=frozenset({"northwind.test"}),
        ),
        blocklist=frozenset({"grace@acme.example"}),
    )
    stands = {
        "a@spam.example": Standpoint.BLOCKED,
        "Grace@Acme.example": Standpoint.BLOCKED,
        "bruno@northwind.example": Standpoint.INTERNAL,
        "new@northwind.example": Standpoint.INTERNAL,
        "x@northwind.test": Standpoint.INTERNAL,
        "hugo@acme.example": Standpoint.OUTSIDE,
        "someone@gmail.com": Standpoint.OUTSIDE,
    }
    assert {e: standpoint(e, mailbox) for e in stands} == stands
    assert outside(["HUGO@acme.example", "hugo@acme.example"], mailbox) == (
        "hugo@acme.example",
    )
