"""Peers that need an environment of their own, and those that do not run from a plain install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(".bench") / "environments"


@dataclass(frozen=True)
class Peer:
    """A package to compare with.

    Attributes:
        name: As it is installed and imported.
        needs: What has to be asked for besides, since the package does not say it itself.
    """

    name: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """An environment with the peer in it, or why there is none.

    Attributes:
        python: Its interpreter; None where the peer does not run.
        says: The versions, or what went wrong, in a line.
    """

    python: Path | None
    says: str


# As of the day these lines were written, none of the three runs as `pip install` leaves it.
EVIDENTLY = Peer("evidently", ("pandas<3",))
NANNYML = Peer("nannyml")
OBP = Peer("obp")


def find(peer: Peer) -> Found:
    """Install a peer, once, and see whether it can be imported."""
    uv = Path(".tools/uv/bin/uv")
    program = str(uv) if uv.exists() else shutil.which("uv")
    if program is None:
        return Found(None, "uv is not here; `make setup` brings it")
    folder = (FOLDER / peer.name).resolve()
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Installing {peer.name} into {FOLDER / peer.name}", file=sys.stderr)
        subprocess.run([program, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
        wanted = [peer.name, *peer.needs]
        made = subprocess.run(
            [program, "pip", "install", "-q", "--python", str(python), *wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            shutil.rmtree(folder)
            return Found(None, "does not install")
    tried = subprocess.run(
        [str(python), "-c", f"import {peer.name} as p; print(p.__version__)"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        return Found(None, f"installs, and import fails: {tried.stderr.strip().splitlines()[-1]}")
    besides = f" with {', '.join(peer.needs)}" if peer.needs else ""
    return Found(python, f"{tried.stdout.strip()}{besides}")
