"""The heaviest ascending chain, against trying every subset."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from index.ingest.chain import Candidate, heaviest_chain

candidates = st.lists(
    st.builds(Candidate, st.integers(0, 12), st.integers(0, 6), st.integers(-1, 9)), max_size=9
)


def ascends(chain: list[Candidate]) -> bool:
    return all(a.position < b.position and a.key < b.key for a, b in itertools.pairwise(chain))


@given(candidates)
def test_no_subset_weighs_more(given_: list[Candidate]) -> None:
    chain = heaviest_chain(given_)
    assert ascends(chain)
    assert all(candidate in given_ and candidate.weight > 0 for candidate in chain)
    best = 0
    for size in range(len(given_) + 1):
        for subset in itertools.permutations(given_, size) if size < 3 else _sorted_subsets(given_, size):
            if ascends(list(subset)) and all(c.weight > 0 for c in subset):
                best = max(best, sum(c.weight for c in subset))
    assert sum(c.weight for c in chain) == best


def _sorted_subsets(given_: list[Candidate], size: int) -> itertools.combinations[Candidate]:
    return itertools.combinations(sorted(given_, key=lambda c: (c.position, c.key)), size)


def test_a_table_of_contents_loses_to_the_body() -> None:
    contents = [Candidate(n, n, 30) for n in range(50)]
    body = [Candidate(1000 + n * 900, n, 900) for n in range(50)]
    reference = [Candidate(20_000 + 450, 3, 450)]
    assert heaviest_chain([*contents, *body, *reference]) == body
