"""Who somebody is: signing in with Salesforce, signing out, whose mailbox it is."""
