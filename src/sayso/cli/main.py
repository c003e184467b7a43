"""The command line: ``sayso``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError

from sayso import __version__
from sayso.cli import hook as hooks
from sayso.cli import record as records
from sayso.cli import token as tokens
from sayso.cli.audit import audit
from sayso.cli.charters import accept, adopt, check, diff, draft
from sayso.cli.demo import demo
from sayso.cli.errors import REFUSED, guarded
from sayso.cli.inventory import inventory
from sayso.cli.marks import activate
from sayso.cli.marks import answer as answer_suggestion
from sayso.cli.marks import form as marks_form
from sayso.cli.marks import read_in as marks_read
from sayso.cli.marks import show as marks_show
from sayso.cli.mcp import mcp
from sayso.cli.noise import plan as noise_plan
from sayso.cli.noise import read as noise_read
from sayso.cli.round import close, forget, form, link, list_all, open_one, read_in, report
from sayso.cli.serve import serve
from sayso.cli.settle import answer, object_, settle, show
from sayso.cli.settle import check as check_effect
from sayso.cli.start import start
from sayso.cli.status import status
from sayso.cli.verify import verify
from sayso.cli.who import who
from sayso.cli.witness import witness

if TYPE_CHECKING:
    from collections.abc import Sequence

app = App(
    name="sayso",
    version=__version__,
    help="Know who decides what, whether the AI changes it, and whether that is for the better.",
)
app.command(start)
app.command(inventory)
app.command(audit)
app.command(check)
app.command(serve)
app.command(mcp)
app.command(demo)
app.command(accept)
app.command(diff)
charter = App(name="charter", help="Charters.")
charter.command(draft)
charter.command(adopt)
app.command(charter)
rounds = App(name="round", help="The same questions to several people, apart.")
rounds.default(open_one)
rounds.command(list_all, name="list")
rounds.command(link)
rounds.command(form)
rounds.command(read_in, name="import")
rounds.command(close)
rounds.command(report)
rounds.command(forget)
app.command(rounds)
settling = App(name="settle", help="Settle what a round leaves open, and check what became of it.")
settling.default(settle)
settling.command(object_, name="object")
settling.command(answer)
settling.command(check_effect, name="check")
settling.command(show)
app.command(settling)
marks = App(name="marks", help="Is each assumption true where the deciders work?")
marks.command(marks_form, name="form")
marks.command(marks_read, name="read")
marks.command(marks_show, name="show")
marks.command(answer_suggestion, name="answer")
app.command(marks)
noise = App(name="noise", help="How differently people decide the same cases.")
noise.command(noise_plan, name="plan")
noise.command(noise_read, name="read")
app.command(noise)
app.command(activate)
record = App(
    name="record", help="The record: what was decided, kept so that nobody can rewrite it."
)
record.command(records.read_in, name="import")
record.command(records.hand_out, name="export")
record.command(records.reconcile)
record.command(records.checkpoint)
record.command(records.receipt)
record.command(records.back_up, name="backup")
record.command(records.restore)
record.command(records.erase)
record.command(records.hold)
record.command(records.freeze)
app.command(record)
app.command(verify)
app.command(witness)
token = App(name="token", help="Tokens with which programs reach the record.")
token.command(tokens.make)
token.command(tokens.list_all, name="list")
token.command(tokens.revoke)
app.command(token)
hook = App(name="hook", help="Webhooks: who is told of what is recorded.")
hook.command(hooks.add)
hook.command(hooks.list_all, name="list")
hook.command(hooks.remove)
hook.command(hooks.dead)
hook.command(hooks.resend)
app.command(hook)
app.command(who)
app.command(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: What was typed after ``sayso``.

    Returns:
        The exit code.
    """

    def command() -> int:
        try:
            code: object = app(
                list(arguments),
                exit_on_error=False,
                print_error=False,
                result_action="return_value",
            )
        except CycloptsError as error:
            print(f"error[usage]: {error}\n  See `sayso --help`.", file=sys.stderr)
            return REFUSED
        return code if isinstance(code, int) else 0

    return guarded(command)


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
