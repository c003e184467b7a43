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
