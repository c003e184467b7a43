"""What three people say alike, and nobody's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.measure.estimators.wording import LEAST_PEOPLE, Said, stem, themes

CODES = ["stock_low", "customer described the fault", "unitAgeYears", "bring"]


def said(*lines: str, people: int = 4, cases: float = 2) -> list[Said]:
    return [Said(line, p, cases) for line in lines for p in range(people)]


@pytest.mark.feature("M24")
def test_what_several_people_say_that_no_input_holds_is_proposed() -> None:
    found = themes(
        [
            *said("the delivery address was wrong", "wrong address again"),
            *said("stock is low there", "unit age in years"),
        ],
        CODES,
    )
    assert [set(t.words[:2]) for t in found] == [{"address", "wrong"}]
    assert found[0].people == 4
    assert sum(found[0].cases.values()) == 16


def test_what_two_people_say_is_not_shown() -> None:
    assert themes(said("address was wrong", people=2, cases=500), CODES) == ()


def test_one_person_who_says_it_often_is_one_person() -> None:
    assert themes([Said(f"address wrong {i}", 1, 9) for i in range(50)], CODES) == ()


def test_nobody_named_shows_nothing() -> None:
    assert themes([Said("address wrong", None, 9) for _ in range(50)], CODES) == ()


def test_only_words_that_three_people_used_are_shown() -> None:
    own = [Said(f"address wrong {word}", i, 1) for i, word in enumerate(["pear", "fig", "kiwi"])]
    (theme,) = themes(own, [])
    assert set(theme.words) == {"address", "wrong"}


def test_names_never_come_out() -> None:
    texts = said("spoke with Kari about address", "address per Kari", people=5)
    texts += said("address from nordmann", people=5)
    (theme,) = themes(texts, [], names=["Ola Nordmann"])
    assert not {"kari", "nordmann", "ola"} & set(theme.words)
    assert "address" in theme.words


@pytest.mark.parametrize(
    "line",
    [
        "=HYPERLINK(1) +2 @x",
        "<script>alert(1)</script>",
        "a@b.org https://x.org/y",
        "12345 67890",
        "",
        "the and was",
        "\U0001f600 \ud800",
    ],
)
def test_marks_formulas_and_addresses_are_no_words(line: str) -> None:
    for theme in themes(said(line, people=6), []):
        assert all(w.isalpha() for w in theme.words)
        assert not {"script", "org", "https"} & set(theme.words)


def test_all_in_capitals_is_read_like_any_other_text() -> None:
    (theme,) = themes(said("ADDRESS WRONG"), [])
    assert set(theme.words) == {"address", "wrong"}


def test_a_code_may_be_spelled_in_any_way() -> None:
    assert themes(said("age of the unit"), ["unitAgeYears"]) == ()
    assert themes(said("low stocks"), ["stock_low"]) == ()


def test_endings_are_cut_alike() -> None:
    assert [stem(w) for w in ("parts", "delayed", "waiting", "glass", "bus")] == [
        "part", "delay", "wait", "glass", "bus",
    ]  # fmt: skip


def test_thousands_of_different_texts_are_read() -> None:
    lots = [
        Said(f"case {chr(97 + i % 26)}{chr(97 + i // 26 % 26)}zq{i} odd", i, 1) for i in range(4000)
    ]
    lots += said("address was wrong", people=9)
    assert any("address" in t.words for t in themes(lots, CODES, most=50))


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 3), st.integers(1, 5)), max_size=25))
def test_every_word_shown_was_used_by_three_people(rows: list[tuple[str, int, int]]) -> None:
    lines = [Said(t, p, float(n)) for t, p, n in rows]
    for theme in themes(lines, []):
        assert theme.people >= LEAST_PEOPLE
        for word in theme.words:
            users = {s.person for s in lines if stem(word) in s.text.lower()}
            assert len(users) >= LEAST_PEOPLE
