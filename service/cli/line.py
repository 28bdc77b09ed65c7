"""The line from a terminal to a desk: its contracts as methods, under a session of the terminal's own."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx

from service.errors import NotReady

LATE_SECONDS = 120.0
Reply = dict[str, Any]


class Line:
    """One desk. The session's token is kept in `kept` under `name`, so that past cases are found again."""

    def __init__(self, client: httpx.Client, kept: Path, name: str) -> None:
        self._client = client
        self._kept = kept
        self._name = name

    def open(self) -> str:
        """Begin or continue the session; gives the banner that the desk shows everybody."""
        known = self._read().get(self._name)
        if known:
            self._client.headers["cookie"] = known
        reply = self._call("POST", "/api/v1/session")
        made = SimpleCookie(reply.headers.get("set-cookie", ""))
        for name, cookie in made.items():
            self._client.headers["cookie"] = f"{name}={cookie.value}"
            self._write({**self._read(), self._name: f"{name}={cookie.value}"})
        # Sent by hand: the desk is on this machine, where a cookie meant for HTTPS would stay in the jar.
        self._client.cookies.clear()
        content = reply.json()
        self._client.headers["x-csrf-token"] = str(content.get("csrf", ""))
        return str(content.get("banner") or "")

    def say(
        self, text: str, conversation: str | None, pack: str | None, facts: Mapping[str, Any] | None = None
    ) -> Reply:
        """Send a message, with facts set outright beside it; a reply or a problem in words."""
        body: dict[str, Any] = {"message": text, "message_id": uuid.uuid4().hex}
        if conversation:
            body["conversation_id"] = conversation
        if pack:
            body["profile"] = {"pack": pack}
        if facts:
            body["facts"] = dict(facts)
        return self._json("POST", "/api/v1/chat", body)

    def late(self, conversation: str, message_id: str) -> Reply | None:
        """The reply that was still being worked on, as soon as it is there; None if the line ends first."""
        path = f"/api/v1/chat/{conversation}/events"
        with contextlib.suppress(httpx.HTTPError):
            query, limit = {"message_id": message_id}, httpx.Timeout(30, read=LATE_SECONDS)
            with self._client.stream("GET", path, params=query, timeout=limit) as reply:
                for content in _replies(reply.iter_lines()):
                    if content["message_id"] == message_id:
                        return content
        return None

    def facts(self, pack: str) -> dict[str, Reply]:
        """A pack's facts by their names."""
        return {fact["fact"]: fact for fact in self._list("GET", f"/api/v1/packs/{pack}/facts")}

    def past(self) -> list[Reply]:
        """The earlier conversations of this terminal."""
        return self._list("GET", "/api/v1/conversations")

    def transcript(self, conversation: str) -> Reply:
        """One conversation from its beginning."""
        return self._json("GET", f"/api/v1/chat/{conversation}")

    def forget(self) -> Reply:
        """Delete every conversation of this terminal."""
        return self._json("DELETE", "/api/v1/conversations")

    def _list(self, method: str, path: str) -> list[Reply]:
        content = self._call(method, path).json()
        return content if isinstance(content, list) else []

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Reply:
        content: Reply = self._call(method, path, body).json()
        return content

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        try:
            reply = self._client.request(method, path, json=body)
            reply.json()
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            where = self._client.base_url
            raise NotReady(f"The desk at {where} does not answer ({type(error).__name__}).") from error
        return reply

    def _read(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._kept.read_text("utf-8"))
        except (OSError, json.JSONDecodeError):
            return {}
        return found

    def _write(self, content: Mapping[str, str]) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.touch(mode=0o600)
        self._kept.write_text(json.dumps(dict(content)), "utf-8")


def _replies(lines: Iterator[str]) -> Iterator[Reply]:
    """The replies among server-sent events."""
    event = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data" and event == "reply":
            yield json.loads(value)
        elif name == "data" and event == "end":
            return
