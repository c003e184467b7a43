"""Teams as they may be shown: never few people, never a difference that names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """One or several teams shown as one.

    Attributes:
        names: The teams in it, in the order of their size.
        people: Deciders in it; 0 where the table does not name them.
        cases: Cases in it.
    """

    names: tuple[str, ...]
    people: int
    cases: int

    @property
    def label(self) -> str:
        """What the group is called."""
        return " + ".join(self.names)


def shown_teams(teams: list[Team], *, people: int, cases: int) -> tuple[Team, ...]:
    """Merge the smallest with the next smallest until every group may be shown.

    Nothing is hidden, so nothing can be found by subtraction from a total.

    Args:
        teams: Teams as the table names them.
        people: Fewest deciders of a shown group; not asked where no decider is named.
        cases: Fewest cases of a shown group.

    Returns:
        Groups that all meet the minimums; none where all together do not.

    Examples:
        >>> small = [Team(("A",), 3, 90), Team(("B",), 4, 90), Team(("C",), 9, 200)]
        >>> [t.label for t in shown_teams(small, people=5, cases=30)]
        ['C', 'A + B']
    """
    named = any(t.people for t in teams)

    def size(team: Team) -> tuple[bool, int, int, tuple[str, ...]]:
        return (_enough(team), team.people, team.cases, team.names)

    def _enough(team: Team) -> bool:
        return team.cases >= cases and (not named or team.people >= people)

    left = sorted(teams, key=size)
    while len(left) > 1 and not _enough(left[0]):
        first, second, *rest = left
        merged = Team(
            first.names + second.names, first.people + second.people, first.cases + second.cases
        )
        left = sorted([merged, *rest], key=size)
    if not left or not _enough(left[0]):
        return ()
    return tuple(sorted(left, key=lambda t: (-t.cases, t.names)))
