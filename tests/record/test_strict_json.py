"""One reading of everything that is hashed or counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.record.ids import EPOCH, check_id, following, made_at, uuid7
from sayso.record.moments import check_clock, instant_text, read_instant
from sayso.record.names import check_name
from sayso.record.refusal import CODES, Refusal
from sayso.record.strict_json import canonical, read_object


def refused(text: str | bytes) -> Refusal:
    found = read_object(text if isinstance(text, bytes) else text.encode())
    assert isinstance(found, Refusal), found
    return found


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ('{"x": NaN}', "not-finite", "x"),
        ('{"x": [1, Infinity]}', "not-finite", "x.1"),
        ('{"a": {"b": -Infinity}}', "not-finite", "a.b"),
        ('{"x": 1e999}', "not-finite", "x"),
        ('{"x": -1e999}', "not-finite", "x"),
        ('{"choice": "a", "choice": "b"}', "key-twice", "choice"),
        ('{"a": [{"k": 1, "k": 1}]}', "key-twice", "a.0.k"),
        ('{"n": 9007199254740992}', "number-too-large", "n"),
        ('{"n": -9007199254740992}', "number-too-large", "n"),
        ('{"n": ' + "9" * 5000 + "}", "number-too-large", "n"),
        (r'{"t": "\ud800"}', "text-unreadable", "t"),
        (r'{"t": "a\u0000"}', "text-unreadable", "t"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused_with_its_field(text, code, field):
    found = refused(text)
    assert (found.code, found.field) == (code, field)


@pytest.mark.parametrize(
    "text", ["", "[1]", "3", "{", '{"a":1}x', "\ufeff{}", "{'a': 1}", '{"a": 01}', '{"a":1,}']
)
def test_what_is_no_object_is_refused(text: str):
    assert refused(text).code == "not-json"


def test_bytes_that_are_no_text_are_refused():
    assert refused(b'{"a": "\xff"}').code == "not-json"


def test_nesting_ends_in_a_refusal_and_not_in_a_crash():
    assert refused('{"a":' + "[" * 40 + "]" * 40 + "}").code == "not-json"
    assert refused('{"a":' + "[" * 100_000 + "]" * 100_000 + "}").code == "not-json"


def test_a_body_that_is_too_large_is_refused_before_it_is_read():
    assert refused(b" " * ((1 << 20) + 1)).code == "too-large"


def test_the_largest_whole_number_passes():
    assert read_object(b'{"n": 9007199254740991}') == {"n": 2**53 - 1}


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé"), inner)
)


@given(st.dictionaries(st.text("xyzö", max_size=4), values, max_size=4))
def test_a_value_has_one_spelling_and_that_spelling_reads_as_the_value(value: dict):
    spelled = canonical(value)
    found = read_object(spelled)
    assert found == value
    assert canonical(found) == spelled
    assert canonical(dict(reversed(value.items()))) == spelled


@given(st.binary(max_size=200))
def test_any_bytes_give_an_object_or_a_refusal(content: bytes):
    found = read_object(content)
    assert isinstance(found, Refusal | dict)


@given(st.text(max_size=80).map(lambda t: json.dumps({"t": t}, ensure_ascii=True)))
def test_any_text_gives_an_object_or_a_refusal(text: str):
    assert isinstance(read_object(text.encode()), Refusal | dict)


def test_a_number_that_is_not_finite_has_no_spelling():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": float("nan")})


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        "a ",
        "a" * 201,
        "a\u200bb",
        "a\u202eb",
        "a\nb",
        "\ufeffa",
        "a\u00a0b",
        "１２",
        "ﬁle",
        "e\u0301",
        "a\u3164",
        "a\ufe0f",
        "\U000e0041",
        "\ud800",
    ],
)
def test_names_that_could_be_mistaken_for_others_are_refused(name: str):
    found = check_name(name, "case")
    assert found is not None
    assert found.code == "name-unclear"
    assert found.message.isascii()


@pytest.mark.parametrize("name", ["visit-1", "2026/17 A", "Ø-12", "日本-7", "a" * 200])
def test_names_that_hosts_use_pass(name: str):
    assert check_name(name, "case") is None


@given(
    st.integers(0, 7 * 10**15).map(lambda us: EPOCH + timedelta(microseconds=us)),
    st.binary(min_size=10, max_size=10),
)
def test_ids_say_when_they_were_made_and_sort_by_it(moment: datetime, random: bytes):
    made = uuid7(moment, random)
    assert check_id(made) is None
    assert made_at(made) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert uuid7(moment + timedelta(milliseconds=1), bytes(10)) > made
    assert check_id(following(made, 3)) is None
    assert following(made, 1) != made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0190a0a0-0000-4000-8000-000000000000",
        "0190A0A0-0000-7000-8000-000000000000",
        "{0190a0a0-0000-7000-8000-000000000000}",
        "0190a0a000007000800000000000000000",
        "٠190a0a0-0000-7000-8000-000000000000",
        "0190a0a0-0000-7000-8000-000000000000\n",
    ],
)
def test_other_spellings_of_an_id_are_refused(text: str):
    found = check_id(text)
    assert found is not None
    assert found.code == "id-wrong"


def test_a_moment_is_kept_in_utc_whatever_zone_it_came_in():
    east = datetime(2026, 3, 9, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert instant_text(east) == "2026-03-09T06:30:00.000000Z"
    assert read_instant("2026-03-09T12:00:00+05:30", "at") == east


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-09",
        "2026-03-09T12:00:00",
        "now",
        "1899-12-31T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_moments_without_a_zone_or_a_time_are_refused(text: str):
    found = read_instant(text, "at")
    assert isinstance(found, Refusal)
    assert found.field == "at"


def test_a_clock_may_be_five_minutes_ahead_and_no_more():
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert check_clock(now + timedelta(minutes=5), now) is None
    ahead = check_clock(now + timedelta(minutes=5, microseconds=1), now)
    assert ahead is not None
    assert ahead.code == "clock-ahead"


def test_every_refusal_has_a_documented_code():
    with pytest.raises(ValueError, match="no refusal"):
        Refusal("made-up", "", "")
    assert all(CODES.values())


def test_ids_that_a_client_counts_up_do_not_meet_those_that_are_made_from_them():
    mine = [uuid7(EPOCH, n.to_bytes(10, "big")) for n in range(200)]
    made = [following(one, place) for one in mine for place in (1, 2)]
    assert not set(mine) & set(made)
    assert len(set(made)) == len(made)
    assert all(check_id(one) is None for one in made)
    assert following(mine[3], 0) == mine[3]
