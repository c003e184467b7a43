"""Names and ids that hosts choose: of cases, people, teams and models."""

from __future__ import annotations

import unicodedata

from sayso.record.refusal import Refusal

LONGEST = 200
# Letters and marks that leave no ink, though Unicode does not file them under format characters.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}


def check_name(text: str, field: str) -> Refusal | None:
    """Whether a name can be told from every other name by looking at it.

    Refused are empty and long names, control and format characters (which hide or turn text),
    blanks at the ends, and spellings that Unicode folds into another one: two names that look the
    same would be two cases, or one person twice.

    Examples:
        >>> check_name("Ø-12", "case") is None
        True
        >>> check_name("case\u200b1", "case").code
        'name-unclear'
    """
    why = _why_not(text)
    if why is None:
        return None
    shown = text[:40].encode("unicode_escape").decode("ascii")
    return Refusal(
        "name-unclear",
        f"'{shown}' cannot be a {field.replace('_', ' ')}: {why}.",
        "Send the name that the host system uses, in plain letters, digits and signs.",
        field,
    )


def _why_not(text: str) -> str | None:
    if not text:
        return "it is empty"
    if len(text) > LONGEST:
        return f"it has {len(text)} characters; {LONGEST} are kept"
    if text.isascii() and text.isprintable():
        return "it begins or ends with a blank" if text != text.strip() else None
    if any(unicodedata.category(c)[0] == "C" or c in UNSEEN for c in text):
        return "it holds a character that is not seen"
    if any(unicodedata.category(c)[0] == "Z" and c != " " for c in text) or text != text.strip():
        return "it holds a blank that looks like another, or begins or ends with one"
    if unicodedata.normalize("NFKC", text) != text:
        return "it has another spelling that looks the same"
    return None
