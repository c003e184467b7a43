"""Python blocks of these pages run, in a folder that holds the demo's files."""

import os
import tempfile
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser


def enter(namespace: dict[str, object]) -> None:
    """Go to a fresh folder with the demo's table and charter in sayso-demo/."""
    from sayso.workspace.demo_company import write_demo

    folder = tempfile.TemporaryDirectory()
    namespace["_left"], namespace["_folder"] = Path.cwd(), folder
    write_demo(Path(folder.name) / "sayso-demo", seed=7)
    os.chdir(folder.name)


def leave(namespace: dict[str, object]) -> None:
    """Go back and clear away."""
    os.chdir(str(namespace["_left"]))
    namespace["_folder"].cleanup()  # type: ignore[attr-defined]


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["*.md"], setup=enter, teardown=leave
).pytest()
