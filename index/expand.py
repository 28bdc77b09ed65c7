"""Query expansion: a term of art and its everyday synonyms, from the glossary, stand for each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.lexical import words
from knowledge.model import Term

SYNONYM_WEIGHT = 0.4
LONGEST_PHRASE = 4


class Expansion:
    """Finds glossary phrases in a query and adds the stems of what they stand for, at a lower weight."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._means: dict[tuple[str, ...], dict[str, float]] = {}
        for term in terms:
            phrases = [tuple(words(phrase)) for phrase in (term.term, *term.synonyms)]
            for phrase in phrases:
                if phrase and len(phrase) <= LONGEST_PHRASE:
                    others = {stem for other in phrases if other != phrase for stem in other}
                    known = self._means.setdefault(phrase, {})
                    # Many synonyms must not outweigh the word that was said.
                    share = SYNONYM_WEIGHT / max(1.0, len(others) ** 0.5)
                    known.update({stem: max(share, known.get(stem, 0.0)) for stem in others - set(phrase)})

    def weigh(self, query: str) -> Mapping[str, float]:
        """The query's stems, each with weight 1, and those of its synonyms with less."""
        said = words(query)
        weights: dict[str, float] = dict.fromkeys(said, 1.0)
        for length in range(1, LONGEST_PHRASE + 1):
            for start in range(len(said) - length + 1):
                for stem, weight in self._means.get(tuple(said[start : start + length]), {}).items():
                    weights[stem] = max(weight, weights.get(stem, 0.0))
        return weights
