"""What a message means: its act, its topics, the facts it states. Knows nothing of the dialogue engine."""

from bot.understanding.model import Embedder, Mention, Pending, Understanding
from bot.understanding.understand import Understander

__all__ = ["Embedder", "Mention", "Pending", "Understander", "Understanding"]
