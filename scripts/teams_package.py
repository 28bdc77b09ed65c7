"""Zips the Teams app package: the manifest with the bot's id and host filled in, and two icons drawn here."""

from __future__ import annotations

import json
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "service" / "channels" / "teams" / "package" / "manifest.json"
NO_ID, NO_HOST = "00000000-0000-0000-0000-000000000000", "desk.example.gov"
BLUE, WHITE, CLEAR = (31, 78, 121, 255), (255, 255, 255, 255), (0, 0, 0, 0)
Pixel = tuple[int, int, int, int]


def png(size: int, colour: Callable[[float, float], Pixel]) -> bytes:
    """A square picture; `colour` takes coordinates from 0 to 1."""
    rows = b"".join(
        b"\0" + b"".join(bytes(colour((x + 0.5) / size, (y + 0.5) / size)) for x in range(size))
        for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def scales(x: float, y: float) -> bool:
    """Whether a point lies on the picture of a balance."""
    beam = abs(y - 0.3) < 0.025 and 0.2 < x < 0.8
    post = abs(x - 0.5) < 0.025 and 0.2 < y < 0.78
    foot = abs(y - 0.78) < 0.03 and 0.34 < x < 0.66
    pans = any(y > 0.52 and (x - at) ** 2 + (y - 0.52) ** 2 < 0.0169 for at in (0.25, 0.75))
    cords = any(0.3 < y < 0.52 and abs(abs(x - at) - 0.13 * (y - 0.3) / 0.22) < 0.015 for at in (0.25, 0.75))
    return beam or post or foot or pans or cords


def package(bot: str, host: str, target: Path) -> None:
    """Write the zip."""
    manifest = SOURCE.read_text(encoding="utf-8").replace(NO_ID, bot).replace(NO_HOST, host)
    json.loads(manifest)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("color.png", png(192, lambda x, y: WHITE if scales(x, y) else BLUE))
        archive.writestr("outline.png", png(32, lambda x, y: WHITE if scales(x, y) else CLEAR))


def main() -> int:
    """Read the id and the host from the environment."""
    bot = os.environ.get("ETHICSDESK_TEAMS_APP_ID", "")
    host = os.environ.get("ETHICSDESK_PUBLIC_ORIGIN", "").removeprefix("https://")
    if not bot or not host:
        print("Set ETHICSDESK_TEAMS_APP_ID and ETHICSDESK_PUBLIC_ORIGIN (https://…) first.")
        return 1
    target = ROOT / "var" / "ethics-desk-teams.zip"
    package(bot, host, target)
    print(f"Wrote {target.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
