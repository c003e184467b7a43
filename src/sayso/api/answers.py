"""How an answer is sent: as JSON, with a tag by which it is known again."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.api.route import Call
    from sayso.record.strict_json import Json

JSON = "application/json"


def json_answer(plain: Mapping[str, Json], status: int = 200) -> Response:
    """An answer as JSON."""
    return Response(_bytes(plain), status, media_type=JSON)


def tagged(call: Call, plain: Mapping[str, Json]) -> Response:
    """An answer as JSON with its tag, or 304 where whoever asks has it already.

    The tag is made from what is answered and nothing else, so it tells no more than the answer.
    """
    content = _bytes(plain)
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    asked = call.headers.get("if-none-match", "")
    if tag in {part.strip().removeprefix("W/") for part in asked.split(",")} or asked == "*":
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=JSON)


def text_answer(text: str, media: str = "text/plain; charset=utf-8") -> Response:
    """An answer as text."""
    return Response(text, media_type=media)


def _bytes(plain: Mapping[str, Json]) -> bytes:
    # The record holds no half characters, but an address or a header may quote some.
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")
