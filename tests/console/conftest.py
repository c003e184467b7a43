"""What the tests of every page use: an app without a network, a served one, and a browser."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from sayso.console.app import make_app

TODAY = date(2026, 11, 23)


class Pages:
    """The pages of a workspace without a network: a browser's cookies and headers, no browser."""

    def __init__(self, folder: Path, **options: Any) -> None:
        options.setdefault("clock", lambda: TODAY)
        self.app = make_app(folder, **options)
        self.cookies = httpx.Cookies()
        self.address = "http://127.0.0.1:8080"

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form as a page of ours does; ``headers`` says otherwise."""
        options.setdefault("headers", {"sec-fetch-site": "same-origin"})
        return self.ask("POST", path, data=data or {}, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=self.address, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **options)
                self.cookies = client.cookies
                return answer

        # A browser of the same module may have a loop running in this thread.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(once())).result()


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., Pages]:
    """Makes the pages of a folder; of an empty one where none is said."""

    def made(folder: Path | None = None, **options: Any) -> Pages:
        return Pages(folder or tmp_path, **options)

    return made


@pytest.fixture(scope="module")
def served() -> Iterator[Callable[..., str]]:
    """Serves folders on free ports of this computer until the module's tests are over."""
    with ExitStack() as stack:

        def begin(folder: Path, **options: Any) -> str:
            options.setdefault("clock", lambda: TODAY)
            app = make_app(folder, **options)
            listener = socket.create_server(("127.0.0.1", 0))
            config = uvicorn.Config(
                app, log_level="critical", access_log=False, lifespan="off", ws="none"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
            thread.start()

            def end() -> None:
                server.should_exit = True
                thread.join(10)
                listener.close()

            stack.callback(end)
            # The socket listens before the server does, so a browser waits and is not refused.
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield begin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine, so pages are not looked at here")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
