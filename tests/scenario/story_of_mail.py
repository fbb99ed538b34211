"""Two days of mail, of which some belongs into Salesforce.

Quist is a contact from the beginning, Sender a stranger.
"""

from __future__ import annotations

from tests.scenario.people import Outlook, Salesforce
from tests.scenario.post import Post

QUIST = "Quist <quist@acme.example>"
SENDER = "Sender <sender@nowhere.example>"
FILED = "Salesforce Emails"
OFFER = ("offer.pdf", b"%PDF-1.7 an offer")
TOOL = ("tool.exe", b"MZ a program")
MARKED = ["Salesforce"]


def first_day(post: Post) -> None:
    """What a known person wrote, what is marked or filed, and what stays private."""
    post.deliver("Question of a customer", QUIST)
    post.deliver("Forgotten there", QUIST)
    post.send("Answer to a customer", QUIST, files=[OFFER])
    post.deliver("Marked letter", SENDER, files=[OFFER, TOOL], categories=MARKED)
    post.deliver("Filed letter", SENDER, folder=FILED)
    post.deliver("Saved by a colleague", QUIST, files=[OFFER])
    post.deliver("Of no interest", SENDER)
    post.deliver("Of interest later", SENDER, files=[OFFER])
    post.deliver("Thrown away", QUIST)
    post.deliver("Half written", QUIST, folder="drafts", categories=MARKED)


def day_of_a_colleague(post: Post) -> None:
    """The other mailbox got one of the mails, too, and its owner marked it."""
    post.deliver("Saved by a colleague", QUIST, files=[OFFER], categories=MARKED)


def second_day(post: Post, outlook: Outlook, crm: Salesforce) -> None:
    """More of it; some is marked late, some thrown away on either side."""
    outlook.change_message("Of interest later", categories=MARKED)
    outlook.delete_message("Thrown away")
    crm.delete("EmailMessage", "Forgotten there")
    outlook.change_message("Question of a customer", categories=["My own"])
    post.deliver("Second question", QUIST, files=[OFFER, ("plan.txt", b"Monday")])
    post.send("Second answer", QUIST)
    post.deliver("Second filed letter", SENDER, folder=FILED, files=[TOOL])
    post.deliver("Of no interest either", SENDER)
