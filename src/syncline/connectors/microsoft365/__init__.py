"""Microsoft 365: calendar and contacts of a mailbox, over Microsoft Graph."""
