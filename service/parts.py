"""Puts the service together: the law, the engine, the index, the understanding, the desk and the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from zipfile import BadZipFile

from rasa_sdk.executor import ActionExecutor

from actions.desk import Desk
from actions.engine import Engine
from actions.rasa_actions import build_executor
from bot.understanding.head import WEIGHTS
from bot.understanding.understand import Understander
from index.embed import Embedder, EmbedderError, open_embedder
from index.search import Index
from index.store import IndexError_
from knowledge.load import load
from knowledge.model import Knowledge
from knowledge.problems import KnowledgeError
from service.errors import NotReady
from service.gateway.gateway import Gateway
from service.gateway.relay import Relay
from service.gateway.turns import TurnCases, Turns
from service.limiter import Limiter
from service.metrics import Metrics
from service.rasa_process import RasaProcess
from service.settings import Settings
from service.store import Store, open_store
from service.store.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a request may need."""

    settings: Settings
    knowledge: Knowledge
    engine: Engine
    index: Index
    understander: Understander
    desk: Desk
    store: Store
    turns: Turns
    relay: Relay
    gateway: Gateway
    limiter: Limiter
    metrics: Metrics
    executor: ActionExecutor
    seam_secret: str
    rasa: tuple[RasaProcess, ...] = field(default=())


def assemble(
    settings: Settings, seam_secret: str, rasa: tuple[RasaProcess, ...] = (), database: Database | None = None
) -> Parts:
    """Load everything, and open the database unless it is open already.

    Raises `NotReady` with one sentence when something is missing or damaged.
    """
    knowledge = _knowledge()
    embedder = _embedder(settings)
    index = _index(settings, knowledge, embedder)
    understander = _understander(settings, knowledge, embedder)
    engine = Engine(knowledge)
    return join(settings, knowledge, engine, index, understander, seam_secret=seam_secret, rasa=rasa,
                database=database)  # fmt: skip


def join(
    settings: Settings,
    knowledge: Knowledge,
    engine: Engine,
    index: Index,
    understander: Understander,
    *,
    seam_secret: str,
    rasa: tuple[RasaProcess, ...] = (),
    database: Database | None = None,
) -> Parts:
    """Put loaded parts together over an opened store."""
    desk = Desk(knowledge, engine, index)
    store = open_store(settings, knowledge.fingerprint, database)
    turns, metrics = Turns(), Metrics()
    relay = Relay(settings.rasa_urls or [process.url for process in rasa], settings)
    gateway = Gateway(
        desk, engine, understander, store, relay=relay, turns=turns, settings=settings, metrics=metrics
    )
    executor = build_executor(desk, TurnCases(store.cases, turns), turns)
    return Parts(
        settings=settings, knowledge=knowledge, engine=engine, index=index, understander=understander,
        desk=desk, store=store, turns=turns, relay=relay, gateway=gateway, limiter=Limiter(settings),
        metrics=metrics, executor=executor, seam_secret=seam_secret, rasa=rasa,
    )  # fmt: skip


def _knowledge() -> Knowledge:
    try:
        return load()
    except KnowledgeError as error:
        raise NotReady(f"The law in knowledge/ cannot be read: {error}") from error


def _embedder(settings: Settings) -> Embedder:
    try:
        return open_embedder(settings.embedding_model)
    except EmbedderError as error:
        raise NotReady(f"{error} (`make setup` builds the encoder.)") from error


def _index(settings: Settings, knowledge: Knowledge, embedder: Embedder) -> Index:
    try:
        return Index.open(settings.index_dir, knowledge, embedder, settings.official_dir)
    except IndexError_ as error:
        raise NotReady(f"{error} (`make setup` builds the index.)") from error


def _understander(settings: Settings, knowledge: Knowledge, embedder: Embedder) -> Understander:
    try:
        return Understander(knowledge, embedder, settings.understanding_dir)
    except (FileNotFoundError, ValueError) as error:
        raise NotReady(f"{error} (`make setup` trains the understanding.)") from error
    except BadZipFile as error:
        damaged = settings.understanding_dir / WEIGHTS
        raise NotReady(f"{damaged} is damaged: {error} (`make setup` trains the understanding.)") from error
