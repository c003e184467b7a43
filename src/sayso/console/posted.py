"""What a form posts, as texts by field."""

from __future__ import annotations

from fastapi import Request

MOST_FIELDS = 5000


async def posted(request: Request) -> dict[str, str]:
    """Every field of a posted form; files are no texts, and no page of ours sends one."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return {name: text for name, text in form.multi_items() if isinstance(text, str)}
