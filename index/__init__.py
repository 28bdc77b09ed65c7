"""Finding: provisions, restated or official, by meaning and by word, or an honest "nothing found"."""

from index.embed import Embedder, MiniLMEmbedder
from index.passages import Passage
from index.search import Answer, Hit, Index
from index.store import IndexError_

__all__ = ["Answer", "Embedder", "Hit", "Index", "IndexError_", "MiniLMEmbedder", "Passage"]
