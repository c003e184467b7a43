"""What a webhook says, and the signature that proves who says it.

Headers and signature are those of Standard Webhooks 1.0, so receivers check them with its libraries.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.record.case_events import PriorSealed
from sayso.record.moments import instant_text
from sayso.workspace.api_plain import event_json
from sayso.workspace.hooks import SECRET_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sayso.record.events import Recorded
    from sayso.record.strict_json import Json
    from sayso.workspace.hooks import Hook


@dataclass(frozen=True, slots=True)
class Message:
    """One request to a receiver.

    Attributes:
        headers: What it carries besides.
        body: What it says.
    """

    headers: Mapping[str, str]
    body: bytes


def message_of(hook: Hook, recorded: Recorded, now: datetime) -> Message:
    """An event as a hook sends it; its id is the event's, each time it is sent.

    Args:
        hook: The hook.
        recorded: The event.
        now: The moment, which is signed: an old message cannot be sent again by somebody else.
    """
    event = recorded.event
    data: dict[str, Json] = {
        "index": recorded.index,
        "id": event.id,
        "decision": event.decision,
        "charter_version": event.charter_version,
        "case": event.case,
        "at": instant_text(event.at),
    }
    # The receiver may be where the advice is made, which could say a first view again.
    told = hook.whole and not isinstance(event.data, PriorSealed)
    plain = {
        "type": event.data.KIND,
        "timestamp": instant_text(recorded.recorded_at),
        "data": event_json(recorded) if told else data,
    }
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    seconds = str(int(now.timestamp()))
    return Message(
        {
            "content-type": "application/json",
            "user-agent": "sayso",
            "webhook-id": event.id,
            "webhook-timestamp": seconds,
            "webhook-signature": signature(hook.secret, event.id, seconds, body),
        },
        body,
    )


def signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    """The signature over id, time and body.

    Args:
        secret: ``whsec_`` and base64.
        message_id: The message's id.
        seconds: The time in whole seconds since 1970.
        body: What is said.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(digest).decode()
