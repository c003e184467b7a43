"""One request to one receiver: to the address that was looked at, without detours, within a time."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

from sayso.workspace.hooks_address import Forbidden, pinned, read_url, system_lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sayso.workspace.hooks import Hook
    from sayso.workspace.hooks_message import Message

# For all of it: looking the name up, connecting, sending, and the first line of the answer.
SECONDS = 10.0
ARRIVED = ""


class Postman:
    """Sends messages; the name of each receiver is asked for anew, and once, for each."""

    def __init__(
        self,
        *,
        lookup: Callable[[str, int], Sequence[str]] = system_lookup,
        trust: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """Prepare.

        Args:
            lookup: Finds the addresses of a name.
            trust: Whose certificates count; those that this computer trusts where not said.
            seconds: How long one message may take in all.
        """
        self._lookup, self._seconds = lookup, seconds
        self._trust = trust or ssl.create_default_context()

    async def post(self, hook: Hook, message: Message) -> str:
        """Send one message.

        Returns:
            ``ARRIVED`` where the receiver answered with 2xx, else why not, in one word.
        """
        import httpx

        try:
            async with asyncio.timeout(self._seconds):
                return await self._send(hook, message)
        except TimeoutError:
            return "too-slow"
        except Forbidden as error:
            return str(error)
        except httpx.ConnectError:
            return "not-connected"
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            return "broken"

    async def _send(self, hook: Hook, message: Message) -> str:
        import httpx

        target = read_url(hook.url, private=hook.private)
        loop = asyncio.get_running_loop()
        address = await loop.run_in_executor(
            None, lambda: pinned(target, private=hook.private, lookup=self._lookup)
        )
        shown = f"[{address}]" if ":" in address else address
        url = f"{target.scheme}://{shown}:{target.port}{target.path}"
        headers = {**message.headers, "host": target.netloc}
        # The certificate is held against the name, though the connection goes to the address.
        named = {"sni_hostname": target.host} if target.scheme == "https" else {}
        # No proxy, no password file, no certificate of the environment: it goes where it was meant to.
        async with (
            httpx.AsyncClient(verify=self._trust, trust_env=False, follow_redirects=False) as http,
            http.stream(
                "POST",
                url,
                content=message.body,
                headers=headers,
                extensions=named,
                timeout=self._seconds,
            ) as answer,
        ):
            # What it says beyond the first line is not read: it may have no end.
            return ARRIVED if answer.is_success else f"status-{answer.status_code}"
