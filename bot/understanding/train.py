"""`python -m bot.understanding.train`: fit the head to the example utterances. Seeded, under a minute."""

from __future__ import annotations

import argparse
import logging
import pkgutil
import time
from pathlib import Path

import numpy as np

from bot.understanding.examples import UTTERANCES, load_examples
from bot.understanding.extract import Extractor
from bot.understanding.features import words
from bot.understanding.fit import Data, fit, held_out, temperatures_of
from bot.understanding.head import CARD
from bot.understanding.model import Embedder
from bot.understanding.phrase_files import FOLDER as PHRASES
from bot.understanding.phrase_files import load_phrases
from bot.understanding.text import Reader
from knowledge.load import load
from knowledge.model import Knowledge

FOLDER = Path(__file__).parents[2] / "var" / "understanding"
# By name: the packages bot and index do not import each other; whoever runs this has both.
EMBEDDER = "index.embed:open_embedder"
_log = logging.getLogger("bot.understanding.train")


def prepare(
    knowledge: Knowledge, embedder: Embedder, examples: Path = UTTERANCES, phrases: Path = PHRASES
) -> tuple[Data, dict[str, object]]:
    """Examples with their features, and what the card says of the inputs."""
    read, loaded = load_examples(examples), load_phrases(knowledge, phrases)
    known = sorted({word for text in read.texts for word in words(text)})
    reader = Reader(loaded.words.shorthand, frozenset(known) | loaded.vocabulary, loaded.vocabulary)
    extractor = Extractor(knowledge, loaded)
    extras = [extractor.features(reader.read(text)) for text in read.texts]
    data = Data(read.texts, extras, embedder.encode(read.texts), np.array(read.labels), _homes(knowledge))
    return data, {
        "embedder": embedder.identity,
        "phrases": loaded.fingerprint,
        "examples": read.fingerprint,
        "words": known,
    }


def train(
    folder: Path,
    knowledge: Knowledge,
    embedder: Embedder,
    examples: Path = UTTERANCES,
    phrases: Path = PHRASES,
) -> None:
    """Fit the head and write it to `folder`; the same inputs give the same head."""
    data, card = prepare(knowledge, embedder, examples, phrases)
    fit(data, temperatures_of(held_out(data), data)).save(folder, card)


def _homes(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """The topics of the largest pack that answers a topic: those it is told apart from."""
    packs = [
        frozenset(topic.id for topic in knowledge.topics.values() if pack in topic.packs)
        for pack in knowledge.packs
    ]
    return {topic: max((pack for pack in packs if topic in pack), key=len) for topic in knowledge.topics}


def main() -> None:
    """Train into `var/understanding` or the folder given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    _log.setLevel(logging.INFO)
    start = time.perf_counter()
    train(options.out, load(), pkgutil.resolve_name(EMBEDDER)())
    _log.info("understanding trained in %.0f s: %s", time.perf_counter() - start, options.out / CARD)


if __name__ == "__main__":
    main()
