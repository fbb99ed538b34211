"""E-mails: with customers, among colleagues, and what else arrives."""

from __future__ import annotations

import base64
from datetime import datetime, time, timedelta
from random import Random

from syncline.sandbox.company import letters, shapes
from syncline.sandbox.company.people import MAIL_DOMAIN, STAFF, Colleague, Person
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.phrases import PRODUCTS
from syncline.sandbox.company.shapes import Json

INBOUND_COUNT = 18
OUTBOUND_COUNT = 12
NEWSLETTER_COUNT = 7
THREAD_COUNT = 3
FILED_FOLDER = "Salesforce Emails"
FILED_COUNT = 2
#: Size of the large attachment: a file of 3 MB.
LARGE_FILE_BYTES = 3 * 1024 * 1024
#: E-mails lie in this many days before the company's day, most in the newest.
DAYS_BACK = 13
RECENT_DAYS = 5
RECENT_SHARE = 0.7


class Desk:
    """Writes the e-mails of one colleague."""

    def __init__(
        self, random: Random, owner: Colleague, period: Period, known: list[Person]
    ) -> None:
        """Begin with no e-mails.

        Args:
            random: Decides everything.
            owner: Whose mailbox it is.
            period: What day it is.
            known: Persons that one writes with.
        """
        self._random = random
        self._owner = owner
        self._period = period
        self._known = known

    def messages(self) -> list[Json]:
        """All but what colleagues write to one another."""
        inbound = [self._inbound(n) for n in range(INBOUND_COUNT)]
        for message in inbound[:FILED_COUNT]:
            message["folder"] = FILED_FOLDER
        inbound[FILED_COUNT]["attachments"] = [_large_file()]
        inbound[FILED_COUNT]["toRecipients"].append(
            shapes.address("Front desk", f"front.desk@{MAIL_DOMAIN}")
        )
        outbound = [self._outbound(n) for n in range(OUTBOUND_COUNT)]
        threads = [one for _ in range(THREAD_COUNT) for one in self._thread()]
        others = [self._newsletter() for _ in range(NEWSLETTER_COUNT)]
        return [
            *inbound,
            *outbound,
            *threads,
            *others,
            self._german(),
            self._draft(),
            self._raw(letters.ENCRYPTED),
            self._raw(letters.REPORT),
        ]

    # --- single e-mails ---

    def _when(self) -> datetime:
        recent = self._random.random() < RECENT_SHARE
        days = self._random.randint(1, RECENT_DAYS if recent else DAYS_BACK)
        clock = time(self._random.randint(6, 17), self._random.randint(0, 59))
        return datetime.combine(self._period.today - days * DAY, clock)

    def _number(self) -> int:
        return self._random.randint(10_000, 99_999)

    def _filled(self, pair: tuple[str, str], person: Person) -> tuple[str, str]:
        words = {
            "product": self._random.choice(PRODUCTS),
            "number": self._number(),
            "first": self._owner.name.split()[0],
            "sender": self._owner.name,
            "name": person.name,
            "title": person.title,
            "customer": person.customer.name,
            "street": person.customer.street,
            "city": person.customer.city,
        }
        return pair[0].format(**words), pair[1].format(**words)

    def _message(
        self, domain: str, when: datetime, subject: str, body: Json, **more: object
    ) -> Json:
        stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        serial = self._random.getrandbits(64)
        return {
            "subject": subject,
            "body": body,
            "internetMessageId": f"<{serial:016x}@{domain}>",
            "conversationId": f"{self._random.getrandbits(128):032x}",
            "sentDateTime": stamp,
            "receivedDateTime": stamp,
            **more,
        }

    def _inbound(self, number: int) -> Json:
        person = self._random.choice(self._known)
        pair = letters.INBOUND[number % len(letters.INBOUND)]
        return self._from(person, *self._filled(pair, person))

    def _from(self, person: Person, subject: str, text: str) -> Json:
        sender = shapes.address(person.name, person.email)
        body = shapes.text_body(text)
        return self._message(
            person.customer.domain,
            self._when(),
            subject,
            body,
            **{"from": sender, "sender": sender},
            toRecipients=[_colleague(self._owner)],
        )

    def _outbound(self, number: int) -> Json:
        person = self._random.choice(self._known)
        pair = letters.OUTBOUND[number % len(letters.OUTBOUND)]
        subject, text = self._filled(pair, person)
        return self._to([shapes.address(person.name, person.email)], subject, text)

    def _to(self, people: list[Json], subject: str, text: str) -> Json:
        sender = _colleague(self._owner)
        body = shapes.html_body(f"<p>{text}</p>".replace("\n", "<br>"))
        return self._message(
            MAIL_DOMAIN,
            self._when(),
            subject,
            body,
            **{"from": sender, "sender": sender},
            toRecipients=people,
            folder="sentitems",
        )

    def _thread(self) -> list[Json]:
        """A question and the answer to it, later on the same day."""
        question = self._inbound(self._random.randrange(len(letters.INBOUND)))
        answer = self._to(
            [question["from"]], f"Re: {question['subject']}", "Yes, of course."
        )
        asked = datetime.fromisoformat(question["sentDateTime"])
        stamp = shapes.instant(asked + timedelta(minutes=50))
        answer |= {
            "conversationId": question["conversationId"],
            "sentDateTime": stamp,
            "receivedDateTime": stamp,
        }
        return [question, answer]

    def _newsletter(self) -> Json:
        sender, subject, body = self._random.choice(letters.NEWSLETTERS)
        who = shapes.address(sender.partition("@")[0], sender)
        return self._message(
            sender.partition("@")[2],
            self._when(),
            subject.format(number=self._number()),
            shapes.html_body(body),
            **{"from": who, "sender": who},
            toRecipients=[_colleague(self._owner)],
        )

    def _german(self) -> Json:
        person = self._random.choice(self._known)
        return self._from(person, *self._filled(letters.GERMAN, person))

    def _draft(self) -> Json:
        person = self._random.choice(self._known)
        made = self._to(
            [shapes.address(person.name, person.email)], "Offer, not finished", "Dear"
        )
        return made | {"folder": "drafts"}

    def _raw(self, letter: str) -> Json:
        person, when = self._random.choice(self._known), self._when()
        filled = letter.format(
            name=person.email.partition("@")[0],
            email=person.email,
            domain=person.customer.domain,
            owner=self._owner.name,
            address=self._owner.address,
            number=self._number(),
            date=when.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        )
        return {
            "mime": base64.b64encode(filled.encode()).decode(),
            "receivedDateTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    # --- several mailboxes ---

    def internal(self) -> list[tuple[Colleague, Json]]:
        """What the colleague writes to the others: one message, many mailboxes."""
        others = [one for one in STAFF if one is not self._owner]
        placed: list[tuple[Colleague, Json]] = []
        for subject, text in letters.INTERNAL:
            people = [_colleague(one) for one in others]
            body = text.format(sender=self._owner.name)
            sent = self._to(people, subject, body)
            placed.append((self._owner, sent))
            placed += [(one, sent | {"folder": "inbox"}) for one in others]
        return placed

    def to_all(self) -> list[tuple[Colleague, Json]]:
        """A customer's e-mail to all colleagues."""
        person = self._random.choice(self._known)
        message = self._from(person, "Tender documents", f"See you!\n{person.name}")
        message["toRecipients"] = [_colleague(one) for one in STAFF]
        return [(one, message) for one in STAFF]


def _colleague(who: Colleague) -> Json:
    return shapes.address(who.name, who.address)


def _large_file() -> Json:
    head = b"%PDF-1.7\n% Northwind Instruments, catalogue\n"
    content = head + b"0123456789abcdef" * (LARGE_FILE_BYTES // 16)
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "Catalogue 2027.pdf",
        "contentType": "application/pdf",
        "contentBytes": base64.b64encode(content[:LARGE_FILE_BYTES]).decode(),
    }
