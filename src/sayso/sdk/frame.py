"""One record of the spool as a line: a checksum, a number, a time, and the write as JSON.

A line holds no line break inside, so a reader that meets damage goes on at the next line. The
number counts the records of one file; where one is missing, the reader can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Frame:
    """One record of a spool file.

    Attributes:
        number: Its place in the file, from 1.
        written_us: When it was written, in microseconds since 1970, as this computer's clock said.
        body: The write, as JSON.
    """

    number: int
    written_us: int
    body: bytes


def framed(frame: Frame) -> bytes:
    r"""The line of a record, its line break included.

    Raises:
        ValueError: If the body holds a line break.

    Examples:
        >>> framed(Frame(1, 0, b"{}"))
        b'953c4952 1 0 {}\n'
    """
    if b"\n" in frame.body:
        raise ValueError("a record of the spool holds no line break")
    inside = b"%d %d %b" % (frame.number, frame.written_us, frame.body)
    return b"%08x %b\n" % (crc32(inside), inside)


def unframed(line: bytes) -> Frame | None:
    """A record from its line, without the line break; None where the line is damaged.

    Examples:
        >>> unframed(b"953c4952 1 0 {}")
        Frame(number=1, written_us=0, body=b'{}')
        >>> unframed(b"953c4952 1 0 {]") is None
        True
    """
    checksum, _, inside = line.partition(b" ")
    try:
        if len(checksum) != 8 or int(checksum, 16) != crc32(inside):
            return None
        number, written, body = inside.split(b" ", 2)
        return Frame(int(number), int(written), body)
    except ValueError:
        return None
