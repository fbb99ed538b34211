"""Hand-written awkward items that must nevertheless sync without an issue.

Each one has broken some synchronizer: long and right-to-left texts, odd zones,
doubled guests, texts that look like code, names that fill their fields.
"""
# the texts are awkward on purpose

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from syncline.sandbox.company import shapes
from syncline.sandbox.company.people import ADA, BRUNO, CHIARA, Colleague
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.shapes import Json

Placed = tuple[Colleague, Json]

#: Graph and Salesforce count UTF-16 units: an astral character is two.
SUBJECT_UNITS = 255
LONG_SUBJECT = ("Ölfeld-Messkampagne: " * 13)[:SUBJECT_UNITS]
ASTRAL_SUBJECT = "🧪" * (SUBJECT_UNITS // 2) + "!"
MIXED_SUBJECT = "👩🏽‍🔬" + "計測𠮷" * 62

#: Subject and zone; the odd ones are not whole hours from UTC.
_ODD_ZONES = (
    (ADA, "Kathmandu: remote calibration", "Asia/Kathmandu"),
    (BRUNO, "Pokhara call", "Nepal Standard Time"),
    (CHIARA, "Eucla roadhouse sensors", "Aus Central W. Standard Time"),
    (ADA, "Chatham Islands tide gauge", "Chatham Islands Standard Time"),
    (BRUNO, "St. John's dockside test", "Newfoundland Standard Time"),
    (CHIARA, "Nuku Hiva weather mast", "Pacific/Marquesas"),
    (ADA, "Lord Howe handover", "Lord Howe Standard Time"),
)

_SUBJECTS = (
    (ADA, "👩‍🔬 Lab tour with the whole 👨‍👩‍👧‍👦 — bring 🥽 & 🏳️‍🌈 flag"),
    (ADA, LONG_SUBJECT),
    (ADA, '=HYPERLINK("https://northwind.example/?q=1","Offer")'),
    (ADA, "<b>Bold</b> & <script>alert('demo')</script> &amp; more"),
    (ADA, "Zoë & Åsa: cafe\u0301 in decomposed letters"),
    (BRUNO, "פגישה עם שרה — NI-400 (גרסה 2.1), חדר 7"),
    (BRUNO, ASTRAL_SUBJECT),
    (BRUNO, "+1 555 0100 ext. 7: ring back"),
    (BRUNO, "Robert'); DROP TABLE Meetings;-- review"),
    (BRUNO, "C:\\Quotes\\2026\\%TEMP%\\ 100 % \\n literally"),
    (CHIARA, "اجتماع معايرة NI-400 الساعة ١٠:٣٠ (غرفة A-12)"),
    (CHIARA, MIXED_SUBJECT),
    (CHIARA, "Bidi: \u2067مرحبا\u2069 ABC \u202eTXT.exe\u202c end"),
    (CHIARA, "@all -5 % discount? {{customer}} ${price} %s {0}"),
    (CHIARA, "Status: done; Sync Error, or not; Salesforce"),
)


def events(period: Period) -> list[Placed]:
    """Awkward calendar items with their owners."""
    placed = [
        (owner, shapes.event(subject, _hour(period, n + 2, owner.mailbox_zone)))
        for n, (owner, subject) in enumerate(_SUBJECTS)
    ]
    placed += [
        (owner, shapes.event(subject, _hour(period, n + 3, zone, time(10, 45))))
        for n, (owner, subject, zone) in enumerate(_ODD_ZONES)
    ]
    for make in (_spans, _bodies, _guest_lists):
        placed += make(period)
    return placed + _over_switches(period)


def _hour(period: Period, offset: int, zone: str, clock: time = time(7, 5)) -> Json:
    start = datetime.combine(period.today + offset * DAY, clock)
    return shapes.timed(start, start + timedelta(minutes=55), zone)


def _spans(period: Period) -> list[Placed]:
    day = period.monday(3)
    evening = datetime.combine(day, time(22, 0))
    midnight = datetime.combine(day + DAY, time())
    noon = datetime.combine(day, time(12, 0))
    zone = ADA.mailbox_zone
    two_weeks = shapes.whole_days(day, day + 13 * DAY, BRUNO.mailbox_zone)
    chatham = shapes.whole_days(day, day, "Chatham Islands Standard Time")
    past = shapes.whole_days(period.days[0], period.days[0], zone)
    return [
        (ADA, shapes.event("No length at all", shapes.timed(noon, noon, zone))),
        (ADA, shapes.event("Ends at midnight", shapes.timed(evening, midnight, zone))),
        (ADA, shapes.event("Oldest day in view", past)),
        (BRUNO, shapes.event("Fourteen days at the yard", two_weeks)),
        (
            BRUNO,
            shapes.event("From 00:00 on", _hour(period, 23, "Africa/Lagos", time())),
        ),
        (CHIARA, shapes.event("All day, seen from Waitangi", chatham)),
        (CHIARA, _reminded("Reminder four weeks before", period, minutes=40_320)),
        (CHIARA, _reminded("Reminder at the start", period, minutes=0)),
    ]


def _reminded(subject: str, period: Period, *, minutes: int) -> Json:
    when = _hour(period, 33, "UTC", time(6, minutes % 7))
    return shapes.event(
        subject, when, isReminderOn=True, reminderMinutesBeforeStart=minutes
    )


def _bodies(period: Period) -> list[Placed]:
    script = (
        "<html><head><script>document.title='x'</script><style>p{color:red}</style>"
        "</head><body onload=\"go()\"><p>Visible &lt;text&gt;</p><img src='cid:1'>"
        "<!-- hidden --><p>second&nbsp;line</p><p>third<br>fourth</p></body></html>"
    )
    lines = "first\r\nsecond\rthird\n\n\nlast, after two empty ones\t(tab)"
    long_text = "Measured value within tolerance. " * 600
    blanks = "<html><body><p>&nbsp;</p><div><br></div></body></html>"
    bodies = (
        (ADA, "Body with a script", shapes.html_body(script)),
        (BRUNO, "Body with all kinds of line ends", shapes.text_body(lines)),
        (BRUNO, "Body of nothing but blanks", shapes.html_body(blanks)),
        (CHIARA, "Body of twenty thousand characters", shapes.text_body(long_text)),
        (CHIARA, "Body that looks like markup", shapes.text_body("a < b && <i>c</i>")),
    )
    return [
        (owner, shapes.event(subject, _hour(period, 18 + n, "UTC"), body=body))
        for n, (owner, subject, body) in enumerate(bodies)
    ]


def _guest_lists(period: Period) -> list[Placed]:
    twice = [
        shapes.attendee("Márta Szűcs", "marta.szucs@balatonszenzor.example"),
        shapes.attendee(
            "SZŰCS Márta", "Marta.Szucs@BalatonSzenzor.example", "optional"
        ),
    ]
    himself = [
        shapes.attendee(BRUNO.name, BRUNO.address.upper()),
        shapes.attendee("", "front.desk@lekkigas.example"),
    ]
    room = [
        shapes.attendee("Lab 2, bench 4", "lab2-bench4@northwind.example", "resource"),
        shapes.attendee("Sean O'Hara", "sean.o'hara+demo@bwo-assurance.example"),
    ]
    crowd = [
        shapes.attendee(f"Trainee {n:02d}", f"trainee{n:02d}@thepsaigon.example")
        for n in range(40)
    ]
    lists = (
        (ADA, "Guest invited twice", twice),
        (BRUNO, "Organizer among the guests", himself),
        (CHIARA, "A room and an apostrophe", room),
        (CHIARA, "Forty guests", crowd),
    )
    return [
        (owner, shapes.event(subject, _hour(period, 25 + n, "UTC"), attendees=guests))
        for n, (owner, subject, guests) in enumerate(lists)
    ]


def _over_switches(period: Period) -> list[Placed]:
    """One night shift over each change of clocks that the period has."""
    owners = (ADA, BRUNO, CHIARA)
    return [
        (
            owners[n % 3],
            shapes.event(f"Night shift while clocks change, {zone}", _night(day, zone)),
        )
        for n, (zone, day) in enumerate(period.switches())
    ]


def _night(day: date, zone: str) -> Json:
    start = datetime.combine(day - DAY, time(21, 30))
    return shapes.timed(start, datetime.combine(day + DAY, time(6, 0)), zone)


def contacts() -> list[Placed]:
    """Awkward contacts with their owners; nobody else has their names."""
    return [(owner, make()) for owner, make in _CONTACTS]


def _known(given: str | None, family: str, email: str, **more: object) -> Json:
    addresses = shapes.emails(email, name=shapes.joined((given, family)))
    return shapes.contact(given, family, emailAddresses=addresses, **more)


_CONTACTS: tuple[tuple[Colleague, Callable[[], Json]], ...] = (
    (ADA, lambda: _known(None, "Suharto", "suharto@majapahit.example")),
    (
        ADA,
        lambda: _known(
            ("Anna-Maria-Theresia-Wilhelmine-" * 2)[:40],
            ("von Hohenstein-Waldburg zu Öttingen-Wallerstein und Spielberg " * 2)[:80],
            "amtw@spielberg.example",
            jobTitle=("Senior Measurement Uncertainty Specialist, " * 4)[:128],
        ),
    ),
    (
        ADA,
        lambda: _known(
            "Zoe\u0308",
            "Decomposed",
            "zoe.decomposed@hautbearn.example",
            personalNotes="Name typed with a combining diaeresis.\r\nKeep it so.",
        ),
    ),
    (
        ADA,
        lambda: shapes.contact(
            "Håkon",
            "Three-Addresses",
            emailAddresses=shapes.emails(
                "Hakon@Three.example", "hakon.private@three.example", "h3@three.example"
            ),
            businessPhones=["+47 22 85 10 01", "+47 22 85 10 02"],
            homePhones=["+47 22 85 10 03", "+47 22 85 10 04"],
        ),
    ),
    (
        BRUNO,
        lambda: _known(
            "👩‍🚀 Valentina",
            "Emoji 🚀",
            "valentina@baikonur.example",
            personalNotes="🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag of tags; 👨🏿‍🦽‍➡️ four code points joined",
        ),
    ),
    (
        BRUNO,
        lambda: _known(
            "Sean",
            "O'Hara \\ 'quoted'",
            "sean.o'hara+sync@bwo-assurance.example",
            middleName='"Seán"',
            nickName="%like_",
        ),
    ),
    (
        BRUNO,
        lambda: _known(
            "Martin",
            "King",
            "martin.king@atlanta.example",
            title="Dr.",
            middleName="Luther",
            generation="Jr.",
            birthday="1980-02-29T11:59:00Z",
        ),
    ),
    (
        BRUNO,
        lambda: _known(
            "Extension",
            "Fortycharacters",
            "extension@lekkigas.example",
            mobilePhone="+234 (0)1 903 4410 ext. 77 (ask for Ann)",
        ),
    ),
    (CHIARA, lambda: _known("أحمد", "عبد الرحمن الـمُهندس", "ahmad@gulf.example")),
    (
        CHIARA,
        lambda: _known("\u2067שלומית\u2069", "בן־גוריון", "shlomit@negev.example"),
    ),
    (
        CHIARA,
        lambda: _known(
            "Bobby",
            "<script>alert(1)</script>",
            "bobby@tables.example",
            jobTitle="=1+1",
            companyName="Null & Sons \N{EM DASH} N/A",
        ),
    ),
    (CHIARA, lambda: shapes.contact("Noemail", "Phoneonly", mobilePhone="+39 02 7001")),
    (CHIARA, lambda: shapes.contact("Just", "Aname")),
)
