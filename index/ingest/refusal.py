"""The one error of ingest: a document that is not taken in, and the reason a person can act on."""

from __future__ import annotations


class RefusedError(Exception):
    """A file cannot be used as an official document.

    `reason` is one sentence for the person who supplied the file: what is wrong and what would be right.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
