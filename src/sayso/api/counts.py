"""What the server has done, by route and status: counts and seconds, and nothing of what was said."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True)
class _Seen:
    many: int = 0
    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


class Counts:
    """Requests by method, route and status, since the server began."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, int], _Seen] = {}

    def add(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request.

        Args:
            method: Its method.
            path: The route, with braces, never the address that was asked.
            status: What it was answered.
            seconds: How long that took.
        """
        seen = self._seen.get((method, path, status))
        if seen is None:
            seen = self._seen[method, path, status] = _Seen()
        seen.many += 1
        seen.seconds += seconds
        seen.within[bisect_left(BOUNDS, seconds)] += 1

    def text(self) -> str:
        """Everything, in the text format of Prometheus."""
        lines = [
            "# HELP sayso_request_seconds Seconds to answer a request.",
            "# TYPE sayso_request_seconds histogram",
        ]
        for (method, path, status), seen in sorted(self._seen.items()):
            labels = f'method="{method}",route="{path}",status="{status}"'
            total = 0
            for bound, many in zip((*map(str, BOUNDS), "+Inf"), seen.within, strict=True):
                total += many
                lines.append(f'sayso_request_seconds_bucket{{{labels},le="{bound}"}} {total}')
            lines.append(f"sayso_request_seconds_sum{{{labels}}} {seen.seconds:.6f}")
            lines.append(f"sayso_request_seconds_count{{{labels}}} {seen.many}")
        return "\n".join(lines) + "\n"
