"""What is said when the desk itself has not spoken: holding, masking and fault notices, in plain words."""

from __future__ import annotations

from typing import Any

HELD = (
    "I have your message and am still working on it. Nothing is lost: the reply comes here as soon as "
    "it is ready, or with your next message."
)
MASKED = (
    "I removed what looked like a Social Security or card number from your message. "
    "I never need such a number; please leave it out."
)
FAULT = (
    "I could not work that one out, and I will not guess. Your message is kept. Please ask it in other "
    "words, or put it to your ethics contact"
)


def held() -> dict[str, Any]:
    """The holding reply."""
    return {"type": "notice", "about": "held", "text": HELD}


def masked() -> dict[str, Any]:
    """Said beside the reply when a number was masked before storing."""
    return {"type": "notice", "about": "masked", "text": MASKED}


def fault(contact: str, reference: str) -> dict[str, Any]:
    """Said when the desk itself failed on a message: a person is the way on."""
    who = f": {contact}" if contact else ""
    return {"type": "notice", "about": "referred", "outcome": "refer_to_counsel", "reference": reference,
            "text": f"{FAULT}{who}. (Reference {reference}.)"}  # fmt: skip


def banner(text: str) -> dict[str, Any]:
    """The notice that an administrator set for everybody."""
    return {"type": "notice", "about": "banner", "text": text}
