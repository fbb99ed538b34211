"""Tell what a profile wants to be read and the owner may not see."""

from __future__ import annotations

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.docket import issue_about
from syncline.domain.issues.texts import join_names
from syncline.domain.values.changes import ChangeSet, LeftOut
from syncline.usecases.sync_mailbox.run import Run

_SUBJECT = "mirrored:"


def tell_left_out(run: Run, found: ChangeSet) -> None:
    """One issue for each object; what was read again resolves its issue."""
    for out in found.left_out:
        issue = issue_about(
            mailbox_id=run.mailbox.id,
            code=by_slug("mirrored_object_hidden").code,
            subject=f"{_SUBJECT}{out.object_name}",
            now=run.now,
            params=_params(out),
            side=found.side,
            operation="read",
        )
        run.docket.raise_issue(issue)
    lost = {f"{_SUBJECT}{out.object_name}" for out in found.left_out}
    for subject in run.docket.subjects() - lost:
        if subject.startswith(_SUBJECT):
            run.docket.prove(subject, run.now)


def _params(out: LeftOut) -> dict[str, str]:
    named = {"value": out.name}
    return {**named, "fields": join_names(out.fields)} if out.fields else named
