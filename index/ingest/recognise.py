"""Which known document a text is, told by its marks and never by the file's name."""

from __future__ import annotations

from collections.abc import Iterable

from index.ingest.documents import Document
from index.ingest.refusal import RefusedError


def recognise(text: str, documents: Iterable[Document]) -> Document:
    """The one document whose marks the text carries.

    Raises:
        RefusedError: none has enough of its marks in the text, or two have equally many.
    """
    known = list(documents)
    if not known:
        raise RefusedError("no document is described, so none can be recognised")
    shares = sorted(((_share(text, document), document.id) for document in known), reverse=True)
    by_id = {document.id: document for document in known}
    best, name = shares[0]
    document = by_id[name]
    if best * len(document.marks.patterns) < document.marks.enough:
        raise RefusedError(
            "it is none of the known documents"
            + (f"; the nearest is “{document.title}”, with too few of its marks" if best else "")
        )
    if len(shares) > 1 and shares[1][0] == best:
        raise RefusedError(f"it could be “{document.title}” or “{by_id[shares[1][1]].title}”")
    return document


def revision(text: str, document: Document) -> str | None:
    """The date that the text gives itself, where it is another than the one our restatement was made from."""
    stated = document.revision
    found = stated.pattern.search(text) if stated else None
    if stated is None or found is None or found.group(1) == stated.expected:
        return None
    return f"the text is of {found.group(1)}; our restatement was made from that of {stated.expected}"


def _share(text: str, document: Document) -> float:
    patterns = document.marks.patterns
    return sum(bool(pattern.search(text)) for pattern in patterns) / len(patterns)
