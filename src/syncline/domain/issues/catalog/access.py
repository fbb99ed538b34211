"""SA: access, that is sign-in, permissions and licenses.

A cause that a sign-in cures is RENEW; one that an administrator cures is STOP,
because the grant works again without a new sign-in once that is done.
"""

from __future__ import annotations

from syncline.domain.issues.catalog.entry import (
    ACCESS_IS_BACK,
    AGAIN,
    Audience,
    Disposition,
    Entry,
    Severity,
)
from syncline.domain.issues.issue import Scope

_SIGN_IN = (
    "Ask your Syncline admin to connect your mailbox again, and sign in when asked."
)
_CATCHES_UP = "Sync then continues by itself and catches up."
_TRIES = "Syncline tries again every hour and continues by itself."


def _renew(
    *,
    code: str,
    slug: str,
    title: str,
    cause: str,
    steps: tuple[str, ...],
    mark: str,
    audience: Audience = Audience.USER,
) -> Entry:
    return Entry(
        code=code,
        slug=slug,
        title=title,
        cause=cause,
        steps=steps,
        mark=mark,
        audience=audience,
        severity=Severity.SEVERE,
        scope=Scope.MAILBOX,
        disposition=Disposition.RENEW,
        closes=ACCESS_IS_BACK,
    )


def _blocked(
    *,
    code: str,
    slug: str,
    title: str,
    cause: str,
    steps: tuple[str, ...],
    mark: str,
    scope: Scope = Scope.MAILBOX,
    severity: Severity = Severity.SEVERE,
    audience: Audience = Audience.ADMIN,
) -> Entry:
    return Entry(
        code=code,
        slug=slug,
        title=title,
        cause=cause,
        steps=(*steps, _TRIES),
        mark=mark,
        audience=audience,
        severity=severity,
        scope=scope,
        disposition=Disposition.STOP,
        closes=ACCESS_IS_BACK,
    )


ENTRIES = (
    _renew(
        code="SA0100",
        slug="mailbox_access_lost",
        title="Account credentials changed: mailbox",
        cause=(
            "Syncline can no longer open your mailbox, because its permission was "
            "withdrawn or has ended."
        ),
        steps=(_SIGN_IN, _CATCHES_UP),
        mark="Mailbox access must be renewed",
    ),
    _renew(
        code="SA0101",
        slug="crm_access_lost",
        title="Account credentials changed: Salesforce",
        cause=(
            "Syncline can no longer open Salesforce for you, because its permission "
            "was withdrawn or has ended."
        ),
        steps=(_SIGN_IN, _CATCHES_UP),
        mark="Salesforce access must be renewed",
    ),
    _blocked(
        code="SA0102",
        slug="permission_denied_mailbox",
        title="Syncline may not use the mailbox",
        cause=(
            "Sign-in works, but Syncline is not allowed to read or change this mailbox"
            "[: “{reason}”]."
        ),
        steps=(
            "Ask your mail admin to allow Syncline to use calendars and contacts of "
            "this mailbox; such a change can take two hours to work.",
        ),
        mark="Not allowed to use the mailbox",
    ),
    _blocked(
        code="SA0103",
        slug="permission_denied_crm",
        title="Syncline may not use Salesforce for you",
        cause=(
            "Sign-in works, but your Salesforce user lacks a permission that Syncline "
            "needs[: “{reason}”]."
        ),
        steps=(
            "Ask your Salesforce admin to give your profile access to events and "
            "contacts.",
        ),
        mark="Not allowed to use Salesforce",
    ),
    Entry(
        code="SA0104",
        slug="no_access_to_record",
        title="You may not do this with this {thing}",
        cause=(
            "{place} does not let you save this {thing}: you lack the right to it, or "
            "to a record that it refers to[ in {field_labels}]."
        ),
        steps=(
            "Ask the owner, or your admin, for access to the {thing} and to the "
            "records that it refers to.",
            "If you do not need it there, undo your change.",
            AGAIN,
        ),
        mark="You lack the right to save it",
        audience=Audience.ADMIN,
    ),
    _blocked(
        code="SA0106",
        slug="api_disabled",
        title="Salesforce does not let programs in",
        cause=(
            "Your Salesforce edition or your profile does not allow other programs, "
            "such as Syncline, to work for you."
        ),
        steps=(
            "Ask your Salesforce admin to give you the permission “API Enabled”.",
            "If your edition has no API access, the admin has it added.",
        ),
        mark="Salesforce does not let programs in",
    ),
    _blocked(
        code="SA0107",
        slug="app_blocked",
        title="Syncline is blocked by your organization",
        cause=(
            "Your organization does not allow Syncline for you in {service}, so it was "
            "turned away."
        ),
        steps=(
            "Ask your admin to approve Syncline for your organization and to assign "
            "it to you.",
            "In Salesforce this is done in Setup > Connected Apps OAuth Usage, in "
            "Microsoft 365 under Enterprise applications.",
        ),
        mark="Blocked by your organization",
        scope=Scope.ORGANIZATION,
    ),
    _renew(
        code="SA0110",
        slug="password_changed",
        title="Your password was changed",
        cause=(
            "The password of your account in {service} was changed, so Syncline was "
            "signed out there."
        ),
        steps=(_SIGN_IN, _CATCHES_UP),
        mark="Sign in again: password was changed",
    ),
    _renew(
        code="SA0111",
        slug="mfa_needed",
        title="Please confirm that it is you",
        cause=(
            "{service} asks you to confirm your sign-in, for example with your phone. "
            "Syncline cannot do that for you."
        ),
        steps=(
            _SIGN_IN,
            "Confirm the sign-in as {service} asks you to.",
            _CATCHES_UP,
        ),
        mark="Sign in again: confirmation needed",
    ),
    _renew(
        code="SA0112",
        slug="consent_missing",
        title="Your agreement is missing",
        cause=(
            "You have not agreed, or no longer agree, that Syncline works with your "
            "data in {service}."
        ),
        steps=(_SIGN_IN, "Agree when {service} asks you.", _CATCHES_UP),
        mark="Sign in again: agreement is missing",
    ),
    _renew(
        code="SA0113",
        slug="admin_consent_needed",
        title="An admin has to agree first",
        cause=(
            "In your organization an admin has to agree before Syncline may work with "
            "{service}."
        ),
        steps=(
            "Ask your admin to agree for the whole organization.",
            _SIGN_IN,
            _CATCHES_UP,
        ),
        mark="An admin has to agree first",
        audience=Audience.ADMIN,
    ),
    _blocked(
        code="SA0114",
        slug="account_disabled",
        title="Your account is switched off",
        cause="Your account in {service} was switched off by an admin.",
        steps=(
            "Ask your admin to switch the account on again.",
            "If it should stay off, the admin switches Syncline off for it too.",
        ),
        mark="Account is switched off",
    ),
    _blocked(
        code="SA0115",
        slug="account_locked",
        title="Your account is locked for now",
        cause=(
            "{service} locked your account after too many wrong sign-ins, or because "
            "they came from an address that it does not trust."
        ),
        steps=(
            "Wait a while, or ask your admin to unlock the account.",
            "If you did not sign in wrongly yourself, tell your admin.",
        ),
        mark="Account is locked",
    ),
    _renew(
        code="SA0116",
        slug="password_expired",
        title="Your password has expired",
        cause="{service} wants a new password from you before it lets Syncline in.",
        steps=("Set a new password in {service}.", _SIGN_IN, _CATCHES_UP),
        mark="Sign in again: password has expired",
    ),
    _blocked(
        code="SA0117",
        slug="mailbox_moved",
        title="The mailbox was not found",
        cause=(
            "The mail service does not know this mailbox any more: it was renamed, "
            "deleted, or moved to another organization."
        ),
        steps=(
            "Ask your mail admin where the mailbox is now.",
            "If its address changed, connect the mailbox again under the new address.",
        ),
        mark="Mailbox was not found",
    ),
    _blocked(
        code="SA0118",
        slug="mailbox_not_licensed",
        title="The mailbox has no license",
        cause=(
            "The mail service has no cloud mailbox for this account: its license is "
            "missing, it is not set up yet, or it lives on your own mail server."
        ),
        steps=(
            "Ask your mail admin to assign a license with a mailbox, or to move the "
            "mailbox to Microsoft 365.",
        ),
        mark="Mailbox has no license",
    ),
    _blocked(
        code="SA0119",
        slug="conditional_access",
        title="A security policy keeps Syncline out",
        cause=(
            "A security policy of your organization keeps Syncline out of {service}, "
            "for example because of the device, the place or a risk it sees."
        ),
        steps=(
            "Ask your admin to look at the sign-in log and to let Syncline pass the "
            "policy.",
        ),
        mark="Kept out by a security policy",
        scope=Scope.ORGANIZATION,
    ),
    _blocked(
        code="SA0120",
        slug="app_misconfigured",
        title="Syncline is not registered correctly",
        cause=(
            "{service} does not recognize Syncline: its registration is wrong, or "
            "its secret has expired. This concerns all mailboxes."
        ),
        steps=(
            "Tell the person who runs Syncline in your organization.",
            "That person renews the registration and checks it with the command "
            "“syncline check”.",
        ),
        mark="Syncline is not registered correctly",
        scope=Scope.ORGANIZATION,
        severity=Severity.CRITICAL,
        audience=Audience.SUPPORT,
    ),
    _blocked(
        code="SA0121",
        slug="org_inactive",
        title="Your Salesforce is closed",
        cause=(
            "Your whole Salesforce organization is locked or closed, or its trial is "
            "over."
        ),
        steps=("Ask your Salesforce admin to settle this with Salesforce.",),
        mark="Salesforce organization is closed",
        scope=Scope.ORGANIZATION,
        severity=Severity.CRITICAL,
    ),
    _renew(
        code="SA0122",
        slug="sign_in_expired",
        title="Your sign-in has expired",
        cause=(
            "Your sign-in for Syncline in {service} is too old or was withdrawn, so "
            "it is no longer accepted."
        ),
        steps=(_SIGN_IN, _CATCHES_UP),
        mark="Sign in again: sign-in has expired",
    ),
    _blocked(
        code="SA0123",
        slug="login_restricted",
        title="Salesforce restricts where and when you sign in",
        cause=(
            "Your Salesforce profile allows sign-in only at certain hours or from "
            "certain networks, and Syncline works outside of them."
        ),
        steps=(
            "Ask your Salesforce admin to add the network of Syncline to the allowed "
            "IP ranges.",
            "If login hours are set, the admin widens them or accepts that sync waits.",
        ),
        mark="Salesforce restricts sign-in",
    ),
    _blocked(
        code="SA0124",
        slug="security_policy",
        title="A Salesforce security rule stopped Syncline",
        cause=("A security rule of your Salesforce stopped Syncline[: “{reason}”]."),
        steps=(
            "Ask your Salesforce admin to look at the transaction security policies "
            "and to let Syncline pass.",
        ),
        mark="Stopped by a Salesforce security rule",
    ),
    Entry(
        code="SA0125",
        slug="license_missing",
        title="A Salesforce license is missing",
        cause=(
            "Saving this {thing} needs a Salesforce license that you do not have, or "
            "of which none is left[: “{reason}”]."
        ),
        steps=(
            "Ask your Salesforce admin to assign the license to you.",
            AGAIN,
        ),
        mark="A Salesforce license is missing",
        audience=Audience.ADMIN,
        scope=Scope.MAILBOX,
    ),
)
