"""A service process of the tests: the application with stand-ins for the models, over a given database.

`python tests/service/process.py PORT DATABASE_URL FOLDER`
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import uvicorn
from fakes import FakeIndex, FakeUnderstander  # beside this file

from actions.engine import Engine
from bot.understanding.understand import Understander
from index.search import Index
from knowledge.load import load
from service import logs
from service.app import create_app
from service.parts import join
from service.settings import Settings


def main(port: int, database_url: str, folder: str) -> None:
    """Serve until killed."""
    logs.configure("error")
    settings = Settings(
        database_url=database_url, var_dir=Path(folder), rasa_processes=0, admin_token="admin",
        rate_messages="9999/minute",
    )  # fmt: skip
    knowledge = load()
    index, understander = cast(Index, FakeIndex()), cast(Understander, FakeUnderstander())
    parts = join(settings, knowledge, Engine(knowledge), index, understander, seam_secret="seam")
    uvicorn.run(create_app(parts), host="127.0.0.1", port=port, log_config=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
