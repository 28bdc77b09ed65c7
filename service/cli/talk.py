"""A conversation on a terminal: what is typed, what is shown, and the words that begin with a slash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from service.channels import wording
from service.cli import calendar, render, values
from service.cli.line import Line, Reply

QUIT = frozenset({"quit", "exit", "bye", ":q", "/quit"})
PROMPT = "[bold cyan]you>[/bold cyan] "
HELP = (
    ("/facts", "what I understood, numbered"),
    ("/set 2 no", "put fact 2 right"),
    ("/why", "why I ask this"),
    ("/back", "take the last answer back"),
    ("/open 1", "read passage 1 whole"),
    ("/calendar", "write the days to keep as an .ics file"),
    ("/person", "hand over to a person"),
    ("/past", "your earlier questions; /past 2 opens one"),
    ("/new", "start over"),
    ("/delete", "delete everything you asked here"),
    ("/quit", "end"),
)


class Talk:
    """One person at one terminal. `folder` is where calendar files are written."""

    def __init__(self, console: Console, line: Line, pack: str | None, folder: Path) -> None:
        self._console = console
        self._line = line
        self._pack = pack
        self._folder = folder
        self._conversation: str | None = None
        self._state: Reply = {}
        self._shown: Reply = {}
        self._past: list[Reply] = []
        self._commands: dict[str, Callable[[str], None]] = {
            "/help": self._help, "/facts": self._facts, "/set": self._set, "/open": self._open,
            "/calendar": self._calendar, "/past": self._earlier, "/new": self._new, "/delete": self._delete,
            "/why": lambda _: self._say(wording.WHY), "/back": lambda _: self._say(wording.BACK),
            "/person": lambda _: self._say(wording.PERSON),
        }  # fmt: skip

    def run(self) -> None:
        """Until the person ends it."""
        while True:
            try:
                said = self._console.input(PROMPT).strip()
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return
            if said.lower() in QUIT:
                return
            self._console.print()
            word, _, rest = said.partition(" ")
            command = self._commands.get(word.lower())
            if command is not None:
                command(rest.strip())
            else:
                self._say(said)

    def _say(self, text: str, facts: dict[str, Any] | None = None) -> None:
        reply = self._line.say(text, self._conversation, self._pack, facts)
        self._take(reply)
        if reply.get("held") and self._conversation:
            with self._console.status("Still at work on it"):
                late = self._line.late(self._conversation, str(reply["message_id"]))
            if late is not None:
                self._take(late)

    def _take(self, reply: Reply) -> None:
        self._conversation = reply.get("conversation_id", self._conversation)
        self._state = reply.get("state") or self._state
        if "error" in reply:
            problem = reply["error"]
            expected = f" Expected: {problem['expected']}." if problem.get("expected") else ""
            self._note(f"{problem['message']}{expected}")
        for message in reply.get("messages", []):
            self._show(message)

    def _show(self, message: Reply) -> None:
        if message.get("passages"):
            self._shown = message
        render.show(self._console, message)
        if calendar.dated(message):
            self._note("/calendar writes the days above as a file for your calendar.", style="dim")

    def _help(self, _: str) -> None:
        for words, meaning in HELP:
            self._console.print(Text.assemble((f"  {words:<12}", "cyan"), meaning))
        self._console.print()

    def _facts(self, _: str) -> None:
        for number, (name, value) in enumerate(self._known(), 1):
            fact = self._declared().get(name, {"fact": name})
            self._console.print(Text(f"  {number:>2}  {values.title(fact)}: {values.words(fact, value)}"))
        self._note("/set NUMBER VALUE puts one right." if self._known() else "I know no facts yet.")

    def _set(self, rest: str) -> None:
        which, _, entered = rest.partition(" ")
        known = self._known()
        if not which.isdecimal() or not 1 <= int(which) <= len(known) or not entered.strip():
            return self._note("Say which and what, like /set 2 no; /facts shows the numbers.")
        name = known[int(which) - 1][0]
        fact = self._declared().get(name, {"fact": name})
        value = values.read(fact, entered.strip())
        if value is None:
            return self._note(f"That does not fit. Expected: {values.expected(fact)}.")
        return self._say(f"{values.title(fact)}: {values.words(fact, value)}", {name: value})

    def _open(self, rest: str) -> None:
        found = self._shown.get("passages") or []
        if not rest.isdecimal() or not 1 <= int(rest) <= len(found):
            return self._note(f"Say which, from 1 to {len(found)}." if found else "There is no passage yet.")
        return render.show_passage(self._console, found[int(rest) - 1])

    def _calendar(self, _: str) -> None:
        items = calendar.dated(self._shown)
        if not items:
            return self._note("No day is set in what I last said.")
        details = " ".join(str(self._shown.get(name) or "") for name in ("why", "disclaimer")).strip()
        path = self._folder / f"ethics-desk-{items[0]['due']}.ics"
        path.write_text(calendar.calendar(items, details, dt.datetime.now(dt.UTC)), "utf-8", newline="")
        for item in items:
            self._note(f"{item['due']}  {item['text']}", style="")
        return self._note(f"Written to {path}.")

    def _earlier(self, rest: str) -> None:
        if rest.isdecimal() and 1 <= int(rest) <= len(self._past):
            return self._reopen(str(self._past[int(rest) - 1]["conversation_id"]))
        self._past = self._line.past()
        for number, one in enumerate(self._past, 1):
            outcome = one.get("outcome") or "not finished"
            self._console.print(Text(f"  {number:>2}  {one['at'][:10]}  {one['topic']}: {outcome}"))
        return self._note("/past NUMBER opens one." if self._past else "None from this terminal.")

    def _reopen(self, conversation: str) -> None:
        found = self._line.transcript(conversation)
        self._conversation, self._state = conversation, found.get("state") or {}
        for turn in found.get("turns", []):
            self._console.print(Text(f"you> {turn['said']}\n", style="cyan"))
            for message in turn["messages"]:
                self._show(message)

    def _new(self, _: str) -> None:
        self._conversation, self._state, self._shown = None, {}, {}
        self._note("We begin anew.")

    def _delete(self, _: str) -> None:
        sure = self._console.input("Delete every question you asked here, for good? Type “delete”: ")
        if sure.strip().lower() != "delete":
            return self._note("Nothing was deleted.")
        found = self._line.forget()
        self._new("")
        kept = f", but {found['kept']} are under a legal hold" if found.get("kept") else ""
        return self._note(f"{found.get('deleted', 0)} deleted{kept}.")

    def _known(self) -> list[tuple[str, Any]]:
        return list((self._state.get("facts") or {}).items())

    def _declared(self) -> dict[str, Reply]:
        pack = self._state.get("pack")
        return self._line.facts(pack) if pack else {}

    def _note(self, text: str, style: str = "yellow") -> None:
        self._console.print(Text(f"{text}\n", style=style))
