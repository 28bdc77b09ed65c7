"""The real law, phrases and model; the model is trained here where the checkout has none that fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.understanding import Understander
from bot.understanding.extract import Extractor
from bot.understanding.head import HeadError
from bot.understanding.phrase_files import load_phrases
from bot.understanding.phrases import Phrases
from bot.understanding.relevance import Relevance
from bot.understanding.text import Reader, Text
from bot.understanding.train import FOLDER, train
from index.embed import MiniLMEmbedder
from knowledge.load import load
from knowledge.model import Knowledge, Value

TODAY = dt.date(2026, 6, 3)  # a Wednesday


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def phrases(knowledge: Knowledge) -> Phrases:
    return load_phrases(knowledge)


@pytest.fixture(scope="session")
def reader(phrases: Phrases) -> Reader:
    return Reader(phrases.words.shorthand, phrases.vocabulary, phrases.vocabulary)


@pytest.fixture(scope="session")
def read(reader: Reader) -> Callable[[str], Text]:
    return reader.read


@pytest.fixture(scope="session")
def facts(knowledge: Knowledge, phrases: Phrases, reader: Reader) -> Callable[..., dict[str, Value]]:
    """Facts stated by a text on one topic."""
    extractor, relevance = Extractor(knowledge, phrases), Relevance(knowledge)

    def read(text: str, topic: str = "gift", pack: str = "ct-state") -> dict[str, Value]:
        heard = extractor.extract(reader.read(text), relevance.of(pack, (topic,)), (topic,), TODAY, pack=pack)
        return {mention.name: mention.value for mention in heard.said}

    return read


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="session")
def understander(
    knowledge: Knowledge, embedder: MiniLMEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Understander:
    try:
        return Understander(knowledge, embedder, FOLDER)
    except HeadError:
        folder = tmp_path_factory.mktemp("understanding")
        train(folder, knowledge, embedder)
        return Understander(knowledge, embedder, folder)
