"""Rasa's REST channel, loaded through credentials.yml, and with it the repairs that every Rasa process of
ours needs: Rasa 3.6.21 is the last open release; what is slow or open in it stays so unless we mend it.
"""

from __future__ import annotations

from rasa.core.channels.rest import RestInput

from bot.rasa import calls, graph, seal, trackers

calls.install()
graph.install()
seal.install()
trackers.install()


class DeskInput(RestInput):  # type: ignore[misc]
    """The REST channel under its usual name, so that its address stays /webhooks/rest/webhook."""
