"""`ethicsdesk`: the command line, one command a file."""

from service.cli.main import app as app
