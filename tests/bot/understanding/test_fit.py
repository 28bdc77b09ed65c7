from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.understanding.cues import cues
from bot.understanding.fit import Data, fit, held_out, temperatures_of
from bot.understanding.head import CARD, WEIGHTS, Head, Temperatures
from bot.understanding.model import SITUATION

TEXTS = {
    "gift": [
        "a vendor gave me wine",
        "the vendor sent me tickets",
        "free lunch from a firm",
        "a firm paid my dinner",
    ],
    "training": [
        "my ethics class is due",
        "when is the class",
        "I missed the ethics class",
        "class every year?",
    ],
    "thanks": ["thank you", "thanks a lot", "many thanks", "ok thank you"],
}


@pytest.fixture
def data() -> Data:
    texts = [text for group in TEXTS.values() for text in group]
    labels = np.array([label for label, group in TEXTS.items() for _ in group])
    vectors = np.random.default_rng(1).normal(size=(len(texts), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Data(
        texts, [()] * len(texts), vectors, labels, {"gift": {"gift", "training"}, "training": {"training"}}
    )


def test_the_same_examples_give_the_same_bytes(data: Data, tmp_path: Path) -> None:
    for name in ("one", "two"):
        fit(data, temperatures_of(held_out(data), data)).save(tmp_path / name, {"embedder": "e"})
    for file in (CARD, WEIGHTS):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_examples_are_read_as_what_they_are_before_and_after_saving(data: Data, tmp_path: Path) -> None:
    fitted = fit(data, Temperatures(0.1, 0.1))
    fitted.save(tmp_path, {"embedder": "e"})
    for head in (fitted, Head.load(tmp_path, "e")[0]):
        for text, vector, label in zip(data.texts, data.vectors, data.labels, strict=True):
            scores = head.scores(text, (), vector)
            acts = head.act_shares(scores)
            assert sum(acts.values()) == pytest.approx(1, abs=1e-3)
            assert max(acts, key=lambda act: acts[act]) == ("thanks" if label == "thanks" else SITUATION)
            if label != "thanks":
                topics = head.topic_shares(scores)
                assert max(topics, key=lambda topic: topics[topic]) == label
            assert set(head.topic_shares(scores, {"gift"})) == {"gift"}


def test_a_topic_competes_with_those_of_its_packs_only(data: Data) -> None:
    found = held_out(data)
    assert found.topics == ("gift", "training")
    assert np.isneginf(found.topic_scores[data.labels[data.situations] == "training", 0]).all()
    assert np.isfinite(found.topic_scores[data.labels[data.situations] == "gift"]).all()


def test_cues_stand_for_words_that_no_example_used() -> None:
    assert "k:case+family" in cues("My stepsister's nephew has an application with me")
    assert "k:elsewhere" in cues("I work for the state of New York")
    assert "k:elsewhere" not in cues("a new yorker gave me a pen")
    assert "k:nobody" in cues("tell the time")
