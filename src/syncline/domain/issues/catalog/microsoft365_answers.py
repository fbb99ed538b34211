"""Which cause each answer of Microsoft 365 stands for.

Error codes of Graph (compared without regard to case) and of Entra sign-in:
the AADSTS number where there is one, else the OAuth error.
"""

from __future__ import annotations

PROVIDER = "microsoft365"

#: Slug to answer codes.
CODES: dict[str, str] = {
    # What the connector itself refuses, before anything is sent.
    "guests_would_be_mailed": "GuestsWouldBeMailed",
    "somebody_else_organizes": "NotTheOrganizer",
    "recurring_series": "RecurrenceNotExpressible",
    "value_not_accepted": "ErrorPropertyValidationFailure MessagesAreNotWritten",
    # What Microsoft 365 answers.
    "mailbox_access_lost": """
        InvalidAuthenticationToken unauthenticated AuthenticationError
        CompactToken invalid_grant login_required expired_token AADSTS50126
    """,
    "permission_denied_mailbox": """
        ErrorAccessDenied accessDenied Authorization_RequestDenied ErrorSendAsDenied
        extensionError
    """,
    "mailbox_moved": """
        ErrorInvalidUser Request_ResourceNotFound ResourceNotFound AADSTS50034
        AADSTS50020 AADSTS51004
    """,
    "mailbox_not_licensed": """
        MailboxNotEnabledForRESTAPI MailboxNotSupportedForRESTAPI
    """,
    "wrong_question": """
        ErrorInvalidRequest BadRequest RequestBodyRead ErrorInvalidIdMalformed
        InefficientFilter HTTP405 HTTP414 HTTP415
    """,
    "invalid_date": "ErrorCalendarEndDateIsEarlierThanStartDate",
    "record_gone": "ErrorItemNotFound itemNotFound",
    "exists_already": "nameAlreadyExists ErrorFolderExists",
    "version_race": """
        ErrorIrresolvableConflict resourceModified ConditionNotMet HTTP412
    """,
    "reading_restarted": "syncStateNotFound syncStateInvalid resyncRequired",
    "item_too_big": "ErrorMessageSizeExceeded HTTP413",
    "mailbox_full": "ErrorQuotaExceeded quotaLimitReached HTTP507",
    "row_lock": "locked resourceLocked HTTP423",
    "not_reached": "FailedDependency HTTP424",
    "concurrency": """
        ApplicationThrottled TooManyRequests ErrorTooManyRequests
        activityLimitReached ErrorServerBusy slow_down rate_limit_exceeded
    """,
    "mailbox_unavailable": """
        ErrorInternalServerError generalException ErrorInternalServerTransientError
        ErrorMailboxStoreUnavailable MailboxStoreUnavailable
        ErrorMailboxMoveInProgress ServiceNotAvailable temporarily_unavailable
        server_error AADSTS50033 AADSTS50087 AADSTS80002 AADSTS90006 AADSTS90012
        AADSTS90024 AADSTS90033 AADSTS90055 AADSTS90090
    """,
    "password_changed": "AADSTS50173 AADSTS50132 AADSTS50133",
    "password_expired": "AADSTS50055 AADSTS50144",
    "sign_in_expired": """
        AADSTS70008 AADSTS700082 AADSTS70000 AADSTS54005 AADSTS70043
    """,
    "mfa_needed": """
        insufficient_claims InsufficientClaims interaction_required
        authorization_pending AADSTS50074 AADSTS50076 AADSTS50078 AADSTS50072
        AADSTS50079
    """,
    "consent_missing": "consent_required access_denied AADSTS65001 AADSTS65004",
    "admin_consent_needed": "AADSTS90094 AADSTS90095",
    "account_locked": "AADSTS50053",
    "account_disabled": "AADSTS50057",
    "app_blocked": "AADSTS50105 AADSTS700016 AADSTS7000112 AADSTS70001",
    "conditional_access": """
        AADSTS53000 AADSTS53001 AADSTS53002 AADSTS53003 AADSTS53004 AADSTS53011
        AADSTS530032 AADSTS530034 AADSTS530035 AADSTS50097
    """,
    "app_misconfigured": """
        AADSTS700011 AADSTS7000215 AADSTS7000222 AADSTS700027 AADSTS700084
        AADSTS50196 invalid_client unauthorized_client invalid_scope
        unsupported_grant_type invalid_request
    """,
}

#: Answer code to slug.
SLUGS: dict[str, str] = {
    code: slug for slug, codes in CODES.items() for code in codes.split()
}

#: A code that means several things: the first phrase found in the text decides.
PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "accessDenied": (("insufficient_claims", "mfa_needed"),),
    "InvalidAuthenticationToken": (("insufficient_claims", "mfa_needed"),),
}
