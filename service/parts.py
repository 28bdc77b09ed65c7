"""Puts the service together: the law, the engine, the index, the understanding, the desk and the store."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from actions.desk import Desk
from actions.engine import Engine
from bot.understanding import Understander
from index.embed import MiniLMEmbedder
from index.search import Index
from index.store import IndexError_
from knowledge.load import load
from knowledge.model import Knowledge
from knowledge.problems import KnowledgeError
from service.errors import NotReady
from service.gateway.gateway import Gateway
from service.gateway.relay import Relay
from service.gateway.turns import Turns
from service.limiter import Limiter
from service.metrics import Metrics
from service.rasa_process import RasaCommand, RasaProcess
from service.settings import ROOT, Settings
from service.store import Store, open_store


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
    seam_secret: str
    rasa: tuple[RasaProcess, ...] = field(default=())


def assemble(settings: Settings) -> Parts:
    """Load and open everything. Raises `NotReady` with one sentence when something is missing or damaged."""
    knowledge = _knowledge()
    embedder = MiniLMEmbedder()
    index = _index(settings, knowledge, embedder)
    engine = Engine(knowledge)
    understander = _understander(settings, knowledge, embedder)
    desk = Desk(knowledge, engine, index)
    store = open_store(settings, knowledge.fingerprint)
    secret = settings.seam_secret.get_secret_value() if settings.seam_secret else secrets.token_urlsafe(32)
    rasa = _rasa(settings, secret)
    turns, metrics = Turns(), Metrics()
    relay = Relay(settings.rasa_urls or [process.url for process in rasa], settings)
    gateway = Gateway(desk, understander, store, relay=relay, turns=turns, settings=settings, metrics=metrics)
    return Parts(
        settings=settings, knowledge=knowledge, engine=engine, index=index,
        understander=understander, desk=desk, store=store, turns=turns, relay=relay, gateway=gateway,
        limiter=Limiter(settings), metrics=metrics, seam_secret=secret, rasa=rasa,
    )  # fmt: skip


def _knowledge() -> Knowledge:
    try:
        return load()
    except KnowledgeError as error:
        raise NotReady(f"The law in knowledge/ cannot be read: {error}") from error


def _index(settings: Settings, knowledge: Knowledge, embedder: MiniLMEmbedder) -> Index:
    try:
        return Index.open(settings.index_dir, knowledge, embedder, settings.official_dir)
    except IndexError_ as error:
        raise NotReady(f"{error} (`make setup` builds the index.)") from error


def _understander(settings: Settings, knowledge: Knowledge, embedder: MiniLMEmbedder) -> Understander:
    try:
        return Understander(knowledge, embedder, settings.understanding_dir)
    except (FileNotFoundError, ValueError) as error:
        raise NotReady(f"{error} (`make setup` trains the understanding.)") from error


def _rasa(settings: Settings, secret: str) -> tuple[RasaProcess, ...]:
    if settings.rasa_urls:
        return ()
    command = RasaCommand(settings.rasa_python, ROOT, settings.rasa_model, settings.service_url, secret)
    ports = range(settings.rasa_port, settings.rasa_port + settings.rasa_processes)
    return tuple(RasaProcess(command, port, settings.rasa_start_limit) for port in ports)
