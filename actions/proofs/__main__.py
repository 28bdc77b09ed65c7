"""`python -m actions.proofs`: prove what is promised of the law; prints what was found, status 1 for a
violation."""

from __future__ import annotations

import sys

from actions.proofs import verify
from knowledge.load import load


def main() -> int:
    """Write one line for each finding to the standard output."""
    broken = 0
    for finding in verify(load()):
        broken += finding.violation
        word = "VIOLATION" if finding.violation else "note"
        where = f"{finding.pack}/{finding.topic}"
        sys.stdout.write(f"{word}: {finding.kind}, {where}, {finding.about}: {finding.text}\n")
    sys.stdout.write(f"{broken} promises are broken.\n" if broken else "Every promise holds.\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
