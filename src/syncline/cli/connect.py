"""`syncline connect`: pair a mailbox with a Salesforce account."""

from __future__ import annotations

from typing import Annotated

import typer

from syncline.cli.output import WRONG_USE, AsJson, fail, out, print_json
from syncline.domain.errors import ProviderError


def connect(
    *,
    address: Annotated[str, typer.Option(help="E-mail address of the mailbox.")],
    mailbox_kind: Annotated[str, typer.Option(help="microsoft365")] = "microsoft365",
    mailbox_url: Annotated[
        str, typer.Option(help="What stands before /v1.0.")
    ] = "https://graph.microsoft.com",
    mailbox_token: Annotated[str, typer.Option(envvar="SYNCLINE_MAILBOX_TOKEN")],
    mailbox_refresh_token: Annotated[
        str, typer.Option(envvar="SYNCLINE_MAILBOX_REFRESH_TOKEN")
    ],
    salesforce_url: Annotated[str, typer.Option(help="The org's instance URL.")],
    salesforce_token: Annotated[str, typer.Option(envvar="SYNCLINE_SALESFORCE_TOKEN")],
    salesforce_refresh_token: Annotated[
        str, typer.Option(envvar="SYNCLINE_SALESFORCE_REFRESH_TOKEN")
    ],
    mailbox_client_id: Annotated[
        str,
        typer.Option(
            envvar="SYNCLINE_MAILBOX_CLIENT_ID", help="App that the grant is for."
        ),
    ] = "syncline",
    mailbox_client_secret: Annotated[
        str, typer.Option(envvar="SYNCLINE_MAILBOX_CLIENT_SECRET")
    ] = "",
    salesforce_client_id: Annotated[
        str,
        typer.Option(
            envvar="SYNCLINE_SALESFORCE_CLIENT_ID", help="App that the grant is for."
        ),
    ] = "syncline",
    salesforce_client_secret: Annotated[
        str, typer.Option(envvar="SYNCLINE_SALESFORCE_CLIENT_SECRET")
    ] = "",
    auto_save: Annotated[
        bool,
        typer.Option(
            "--auto-save/--no-auto-save",
            help="Save everything without marking each item.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pair a mailbox with a Salesforce account, or renew the grants of a pair."""
    from syncline import composition
    from syncline.domain.errors import PassingError
    from syncline.domain.values.kinds import Kind

    if mailbox_kind not in composition.MAILBOX_KINDS:
        kinds = ", ".join(composition.MAILBOX_KINDS)
        fail(f"--mailbox-kind must be one of: {kinds}.", code=WRONG_USE)
    if address.count("@") != 1:
        fail(f"--address must be an e-mail address, not {address!r}.", code=WRONG_USE)
    for name, url in (("mailbox", mailbox_url), ("salesforce", salesforce_url)):
        if not url.startswith(("http://", "https://")):
            fail(f"--{name}-url must be a web address, not {url!r}.", code=WRONG_USE)
    composition.prepare()
    kinds_saved = frozenset(Kind) if auto_save else frozenset()
    try:
        mailbox_id = composition.connect_mailbox(
            address=address,
            mailbox=composition.Account(
                base_url=mailbox_url,
                access_token=mailbox_token,
                refresh_token=mailbox_refresh_token,
                client_id=mailbox_client_id,
                client_secret=mailbox_client_secret,
            ),
            crm=composition.Account(
                base_url=salesforce_url,
                access_token=salesforce_token,
                refresh_token=salesforce_refresh_token,
                client_id=salesforce_client_id,
                client_secret=salesforce_client_secret,
            ),
            auto_save=kinds_saved,
        )
    except PassingError as error:
        option, url = _place(error, mailbox_url, salesforce_url)
        fail(
            f"Nobody answers at {url} ({error.fault.code}); "
            f"check {option} and try again."
        )
    except ProviderError as error:
        reason = error.fault.code or error.fault.message or "no answer"
        option, url = _place(error, mailbox_url, salesforce_url)
        fail(
            f"The sign-in was not accepted at {url} ({reason}); "
            f"check {option} and its tokens."
        )
    if as_json:
        print_json({"mailbox": mailbox_id})
    else:
        out.print(f"{address} is connected as mailbox {mailbox_id}.")
        out.print(f"Next: ./run sync {mailbox_id}")


def _place(
    error: ProviderError, mailbox_url: str, salesforce_url: str
) -> tuple[str, str]:
    """Which option named the side that failed, and its address."""
    if error.fault.provider == "salesforce":
        return "--salesforce-url", salesforce_url
    return "--mailbox-url", mailbox_url
