"""Serving: the HTTP application, the gateway to the dialogue, the record of conversations, and the command
line."""
