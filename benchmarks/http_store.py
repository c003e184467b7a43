"""The bare store that the record is held against: an HTTP server that commits every body it gets.

    python -m benchmarks.http_store FILE PORT

The same web stack as `sayso serve`, one thread that writes, SQLite with synchronous=FULL, and every
body that waits in one commit. No rules, no login, no tree, no keys of people: only that nothing
acknowledged is lost.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import sys
import threading
from typing import Any

import uvicorn

Waiting = tuple[bytes, "asyncio.Future[int]", asyncio.AbstractEventLoop]


def write(path: str, waiting: queue.Queue[Waiting]) -> None:
    """Commit whatever waits, for ever."""
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE record (place INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    place = 0
    while True:
        batch = [waiting.get()]
        while len(batch) < 256:
            try:
                batch.append(waiting.get_nowait())
            except queue.Empty:
                break
        store.execute("BEGIN IMMEDIATE")
        for body, _, _ in batch:
            place += 1
            store.execute("INSERT INTO record VALUES (?, ?)", (place, body))
        store.execute("COMMIT")
        for offset, (_, future, loop) in enumerate(batch):
            loop.call_soon_threadsafe(future.set_result, place - len(batch) + 1 + offset)


def main() -> None:
    """Serve."""
    waiting: queue.Queue[Waiting] = queue.Queue()
    threading.Thread(target=write, args=(sys.argv[1], waiting), daemon=True).start()

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        waiting.put((body, future, loop))
        said = b'{"place":%d}' % await future
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(said)).encode()),
        ]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
