"""Progress is said after two seconds, and not before."""

import io

from sayso.cli.progress import slow_progress


def test_nothing_is_said_in_the_first_two_seconds_and_nothing_twice():
    now = [0.0]
    stream = io.StringIO()
    tell = slow_progress(clock=lambda: now[0], stream=stream)
    tell("reading")
    now[0] = 2.5
    tell("counting")
    tell("counting")
    assert stream.getvalue() == "  ... counting\n"


def test_quick_steps_are_said_once_a_second_at_most():
    now = [0.0]
    stream = io.StringIO()
    tell = slow_progress(clock=lambda: now[0], stream=stream)
    for tenth in range(60):
        now[0] = tenth / 10
        tell(f"{tenth} of 60 measures done")
    assert stream.getvalue().count("\n") == 4
