"""`python -m service.cli`, the same as `ethicsdesk`."""

from service.cli import app

app()
