"""A door that is made at its first visitor, once, while others are served."""

import asyncio
import threading

from sayso.console.fork import later


def test_it_is_made_once_for_many_visitors_and_never_without_one():
    made: list[int] = []
    gate = threading.Event()

    def make():
        gate.wait(5)
        made.append(1)

        async def app(scope, receive, send):
            await send({"seen": scope["n"]})

        return app

    door = later(make)
    assert not made
    seen: list[int] = []

    async def send(message):
        seen.append(message["seen"])

    async def visits():
        waiting = [asyncio.create_task(door({"n": n}, None, send)) for n in range(5)]
        await asyncio.sleep(0)
        gate.set()  # the loop was free to come here while the door was being made
        await asyncio.gather(*waiting)

    asyncio.run(visits())
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert made == [1]
