"""One issue as a page shows it: what, why, who can act, and where to look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syncline.domain.issues import remedy
from syncline.domain.issues.catalog import known
from syncline.domain.issues.catalog.entry import Entry
from syncline.domain.issues.issue import Issue
from syncline.store.queries import IssueView
from syncline.usecases.confirm_plan import is_waiting_plan
from syncline.usecases.dismiss_issue import may_dismiss
from syncline.web.shell.templatetags.shell import web_address
from syncline.web.sync_settings import words

_WHOLE_MAILBOX = gettext_lazy("Whole mailbox")
_LIST = gettext_lazy("Which ones")

#: A provider's id at the end of a line; the line says enough without it.
_ID_AT_END = re.compile(r" \([\w=-]{15,}\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one side shows the thing; without address the label says why not."""

    icon: str
    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownIssue:
    """Everything that the templates need about one issue."""

    id: int
    issue: Issue
    entry: Entry
    title: str
    cause: str
    steps: tuple[str, ...]
    no_steps: str
    kind: Promise
    name: str
    direction: Promise | None
    severity: Promise
    who_acts: Promise
    places: tuple[Place, ...]
    #: Records that are named in the facts of the case, with their addresses.
    matches: tuple[tuple[str, str], ...]
    details_title: Promise
    details: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    may_dismiss: bool
    is_plan: bool

    @property
    def digest(self) -> str:
        """Of the plan that waits for a confirmation."""
        return str(self.issue.params.get("digest", ""))


def shown(view: IssueView, mail_client: str) -> ShownIssue:
    """An issue with its texts from the catalog.

    Args:
        view: As it is stored.
        mail_client: What this mailbox is opened with.
    """
    issue = view.issue
    entry = known(issue.code)
    return ShownIssue(
        id=view.id,
        issue=issue,
        entry=entry,
        title=remedy.title(issue.code, issue.params),
        cause=remedy.explain(issue.code, issue.params),
        steps=tuple(remedy.steps(issue.code, issue.params)),
        no_steps=remedy.without_steps(entry),
        kind=words.KINDS[issue.kind] if issue.kind else _WHOLE_MAILBOX,
        name=issue.name or (_("(no name)") if issue.kind else ""),
        direction=words.DIRECTIONS[issue.side] if issue.side and issue.kind else None,
        severity=words.SEVERITIES[entry.severity],
        who_acts=words.WHO_ACTS[remedy.audience(issue.code, issue.params)],
        places=(_in_mail_client(view, mail_client), _in_salesforce(view)),
        matches=_matches(view),
        details_title=words.DETAILS.get(entry.slug, _LIST),
        details=tuple(map(_line, issue.details)),
        evidence=_evidence(issue.evidence),
        may_dismiss=may_dismiss(issue),
        is_plan=is_waiting_plan(issue),
    )


def _matches(view: IssueView) -> tuple[tuple[str, str], ...]:
    """Records of Salesforce that the facts name, with an address where one is known."""
    found = ((m, web_address(view.address_of(m))) for m in view.matches)
    return tuple((name, address) for name, address in found if address)


def _line(text: str) -> str:
    text = _ID_AT_END.sub("", text)
    return text[:1].upper() + text[1:]


def _evidence(evidence: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(words.EVIDENCE.get(name, name)), value) for name, value in evidence.items()
    )


def _in_mail_client(view: IssueView, client: str) -> Place:
    issue = view.issue
    address = web_address(issue.web_link)
    if address:
        label = _("Open in %(client)s") % {"client": client}
    elif issue.kind is None:
        label = _("This is about the whole mailbox, not about one item")
    elif issue.item_id:
        label = _("%(client)s gives no link to this item") % {"client": client}
    else:
        label = _("This is not in the mailbox")
    return Place(icon="mailbox", label=label, address=address)


def _in_salesforce(view: IssueView) -> Place:
    issue = view.issue
    address = web_address(view.record_link)
    if address:
        label = _("Open in Salesforce")
    elif issue.kind is None:
        label = _("This is about the whole mailbox, not about one record")
    elif issue.record_id:
        label = _("The address of your Salesforce is not known")
    else:
        label = _("This is not in Salesforce")
    return Place(icon="salesforce", label=label, address=address)
