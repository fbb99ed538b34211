"""Renders notification e-mails and hands them to whoever delivers them."""
