"""The supervisor of Rasa, with a stand-in that answers the health poll."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from service.errors import NotReady
from service.ports import free_port
from service.rasa_process import RasaCommand, RasaProcess

STAND_IN = """
import http.server, json, os, pathlib, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
pathlib.Path("environment.json").write_text(json.dumps(dict(os.environ)))
pathlib.Path("arguments.json").write_text(json.dumps(sys.argv))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def command(tmp_path: Path) -> RasaCommand:
    """A command that runs the stand-in: `python -m rasa` finds it in its working folder first."""
    (tmp_path / "rasa.py").write_text(STAND_IN)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "core.tar.gz").touch()
    python = Path(sys.executable)
    return RasaCommand(
        python, tmp_path, tmp_path / "models", "http://127.0.0.1:1", "the-secret", "sqlite:///rasa.db"
    )


async def healthy(process: RasaProcess) -> int:
    async with asyncio.timeout(20):
        await process.healthy.wait()
    assert process.pid is not None
    return process.pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"


def gone(pid: int) -> bool:
    end = time.monotonic() + 10
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


async def test_it_starts_on_loopback_and_stops(command: RasaCommand, tmp_path: Path) -> None:
    process = RasaProcess(command, free_port(), 20)
    process.start()
    pid = await healthy(process)
    arguments = json.loads((tmp_path / "arguments.json").read_text())
    assert arguments[arguments.index("--interface") + 1] == "127.0.0.1"
    await process.stop()
    assert gone(pid)


async def test_no_secret_but_the_seams_reaches_it(
    command: RasaCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETHICSDESK_ENCRYPTION_KEY", "canary-key")
    monkeypatch.setenv("ETHICSDESK_ADMIN_TOKEN", "canary-token")
    process = RasaProcess(command, free_port(), 20)
    process.start()
    await healthy(process)
    await process.stop()
    environment = (tmp_path / "environment.json").read_text()
    assert "canary" not in environment
    assert json.loads(environment)["ETHICSDESK_SEAM_SECRET"] == "the-secret"


async def test_a_killed_process_is_started_again(command: RasaCommand) -> None:
    process = RasaProcess(command, free_port(), 20)
    process.start()
    first = await healthy(process)
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(20):
        while process.pid in (None, first) or not process.healthy.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await process.stop()


def test_a_supervisor_that_is_killed_leaves_no_orphan(command: RasaCommand, tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from service import logs
        from service.rasa_process import RasaCommand, RasaProcess

        logs.configure("error")

        async def main():
            process = RasaProcess({command!r}, {free_port()}, 20)
            process.start()
            await process.healthy.wait()
            print(process.pid, flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """).replace("PosixPath", "Path")
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    assert gone(pid)


@pytest.mark.parametrize(("missing", "sentence"), [("python", "make setup"), ("model", "not trained")])
async def test_what_is_missing_is_said_in_one_sentence(
    command: RasaCommand, tmp_path: Path, missing: str, sentence: str
) -> None:
    changed = RasaCommand(
        **{**{name: getattr(command, name) for name in command.__slots__}, missing: tmp_path / "no"}
    )
    with pytest.raises(NotReady, match=sentence):
        RasaProcess(changed, free_port(), 5).start()


async def test_a_used_port_is_said_in_one_sentence(command: RasaCommand) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(NotReady, match=f"Port {port} is in use"):
        RasaProcess(command, port, 5).start()
    server.close()
    await server.wait_closed()
