"""The client that records decisions from a program: ``sayso.connect`` and what it hands out.

Loading it loads neither the analytics nor the server: a program pays for what it uses.
"""

from __future__ import annotations

from sayso.sdk.async_case import AsyncCase
from sayso.sdk.case import Case
from sayso.sdk.client import Client
from sayso.sdk.connect import connect
from sayso.sdk.handed import Handed, NoAdvice, NotAsked, Sealed, Shown, Unreached, Withheld
from sayso.sdk.model_calls import Advised, advised, predictor
from sayso.sdk.outcome_job import Columns, OutcomeJob
from sayso.sdk.shelf import CharterSeen
from sayso.sdk.waiting import Counts

__all__ = [
    "Advised",
    "AsyncCase",
    "Case",
    "CharterSeen",
    "Client",
    "Columns",
    "Counts",
    "Handed",
    "NoAdvice",
    "NotAsked",
    "OutcomeJob",
    "Sealed",
    "Shown",
    "Unreached",
    "Withheld",
    "advised",
    "connect",
    "predictor",
]
