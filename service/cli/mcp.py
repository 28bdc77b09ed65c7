"""`ethicsdesk mcp`: the desk's read-only tools for an assistant, over standard input and output."""

from __future__ import annotations

import asyncio

from service import logs
from service.settings import read_settings


def mcp() -> None:
    """Serve the desk's tools to an assistant over standard input and output (Model Context Protocol)."""
    from service.channels.mcp import mcp_server
    from service.parts import assemble

    settings = read_settings(rasa_processes=0)
    logs.configure(settings.log_level)
    parts = assemble(settings, "unused: no Rasa process runs")
    try:
        asyncio.run(mcp_server(parts).run_stdio_async())
    finally:
        parts.store.close()
