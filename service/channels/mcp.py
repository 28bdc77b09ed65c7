"""An MCP server over the desk: read-only tools for an office's assistant. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from starlette.applications import Starlette

from service.api import determinations as deciding
from service.api import packs as law
from service.api import search as finding
from service.api.shapes import DeterminationRequest
from service.auth.caller import Caller
from service.errors import ServiceError
from service.parts import Parts

Found = TypeVar("Found")
PATH = "/mcp"
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
NOBODY = Caller(None, None)
MOST = 20
INSTRUCTIONS = (
    "Decides ethics questions of public employees by published rules. Call list_packs, then list_facts, then "
    "determine with the facts that are known; `missing` names what could still change the outcome. Cite the "
    "passages returned. An outcome of refer_to_counsel means that a person must decide."
)


def mcp_server(parts: Parts) -> MCPServer[Any]:
    """The server with its tools."""
    server: MCPServer[Any] = MCPServer(
        "ethics-desk", title="Ethics Desk", instructions=INSTRUCTIONS, log_level="ERROR"
    )

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def list_packs() -> list[dict[str, Any]]:
        """The bodies of rules and whom each binds, with the topics that may be asked about."""
        return [
            {**pack, "topics": law.topics(pack["pack"], NOBODY, parts)} for pack in law.packs(NOBODY, parts)
        ]

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def list_facts(pack: str) -> list[dict[str, Any]]:
        """The facts that a pack's rules turn on, with their types and options."""
        return _said(lambda: law.facts(pack, NOBODY, parts))

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def determine(pack: str, topic: str, facts: dict[str, Any]) -> dict[str, Any]:
        """The outcome for these facts: rules, duties, passages, what is missing and would change it."""
        body = DeterminationRequest.model_validate({"pack": pack, "topic": topic, "facts": facts})
        return _said(lambda: deciding.determinations(body, NOBODY, parts))

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def search_provisions(query: str, pack: str | None = None, count: int = 5) -> list[dict[str, Any]]:
        """The provisions nearest to a question, best first."""
        shown = max(1, min(count, MOST))
        return _said(lambda: finding.search(NOBODY, parts, query[:1000], pack, shown))

    @server.tool(annotations=READ_ONLY, structured_output=False)
    def read_provision(pack: str, provision: str) -> dict[str, Any]:
        """One provision with its text, its status and the rules that cite it."""
        return _said(lambda: law.provision(pack, provision, NOBODY, parts))

    return server


def mcp_app(server: MCPServer[Any], host: str, origin: str) -> Starlette:
    """The server over HTTP, without sessions. Only the desk's own host name is answered, so that a page
    elsewhere cannot reach a desk on somebody's machine by a name of its own."""
    named = origin.split("://")[-1]
    hosts = [name for local in (host, "127.0.0.1", "localhost") for name in (local, f"{local}:*")]
    security = TransportSecuritySettings(
        allowed_hosts=[*hosts, *([named] if named else [])], allowed_origins=[origin] if origin else []
    )
    return server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security
    )


def _said(call: Callable[[], Found]) -> Found:
    """What a call gives, or its problem as the tool's error in words."""
    try:
        return call()
    except ServiceError as error:
        expected = f" Expected: {error.expected}." if error.expected else ""
        raise ToolError(f"{error.field or 'request'}: {error.message}{expected}") from error
