"""The reference of events names what the code has, and nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from sayso.record.events import BY_KIND
from sayso.record.refusal import CODES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "events.md").read_text("utf-8")


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE))


def test_every_kind_of_event_is_listed_with_its_fields():
    listed = rows(PAGE.split("## Of a case")[1].split("## Refusals")[0])
    assert list(listed) == list(BY_KIND)
    for kind, made in BY_KIND.items():
        said = listed[kind].split("|")[-1]
        for field in dataclasses.fields(made):
            optional = field.default is not dataclasses.MISSING
            mark = ("*" if field.name in made.PERSONAL else "") + ("?" if optional else "")
            assert f"`{field.name}`{mark}" in said.strip().split(", ")


def test_every_refusal_is_listed_with_what_it_says():
    listed = {code: said.strip() for code, said in rows(PAGE.split("## Refusals")[1]).items()}
    assert listed == CODES
