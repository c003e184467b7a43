"""The five answers, in words: for nothing, one and many, and never more than the count."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.round import Form, Round, RoundState, SettleBy
from sayso.declare.charter import (
    Advice,
    Assumption,
    Charter,
    Different,
    LookAgain,
    Mode,
    Outcome,
)
from sayso.declare.people import Accountability
from sayso.domain.charter_ref import CharterRef
from sayso.present.decision import (
    DecisionFacts,
    Finding,
    Need,
    RoundSeen,
    Settled,
    next_step,
    state,
    who,
)
from sayso.present.decision_page import decision_page
from sayso.present.home import HomeFacts, five_answers, headline, home_page, most_valuable

TODAY = date(2026, 11, 23)
DIM = Different(says="Words count")
SEEN = Different(says="Words count", check="avg(choice = 'a')", target=0.6)
TESTED = Assumption(id="a", says="E-41", check="avg(x)", holds=(0.1, 0.2))
OPEN = Finding(field="matters", code="SAY217", says="Nothing says what matters.", hint="Name two.")
ERROR = replace(OPEN, error=True)


def charter(**parts) -> Charter:
    return Charter(
        **{"decision": "loan", "version": 1, "question": "Approve?", "owner": "head-of-loans"}
        | parts
    )


def facts(slug: str = "loan", *, accepted: bool = True, **parts) -> DecisionFacts:
    named = {
        k: parts.pop(k)
        for k in list(parts)
        if k not in {"findings", "rounds", "standing", "person", "settled"}
    }
    given = {
        "standing": Accountability.ACCEPTED if accepted else Accountability.NOBODY,
        "person": "Ann Berg" if accepted else None,
    } | parts
    return DecisionFacts(
        slug=slug, file=f"charters/{slug}.yaml", charter=charter(decision=slug, **named), **given
    )


def seen(state_: RoundState, sent: int = 6, name: str = "loan-1") -> RoundSeen:
    round_ = Round(
        id=name,
        charter=CharterRef("loan", 1),
        fingerprint="v1:0",
        question="Approve?",
        options=("a", "b"),
        considerations=(),
        event="",
        cases=(),
        form=Form.POINTS,
        settle=SettleBy.OWNER,
        quorum=0.6,
        invited=8,
        opened=date(2026, 11, 1),
        closes=date(2026, 12, 4),
    )
    return RoundSeen(round=round_, state=state_, sent=sent)


def says(*decisions: DecisionFacts, number: int, apart: int = 0) -> str:
    return five_answers(HomeFacts(decisions=decisions, apart=apart))[number - 1].says


def these(n: int, **parts) -> list[DecisionFacts]:
    return [facts(f"loan-{chr(97 + i)}", **parts) for i in range(n)]


def test_nothing_is_answered_where_there_is_no_decision():
    with pytest.raises(ValueError, match="no decision"):
        five_answers(HomeFacts(decisions=()))


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([facts()], "The one decision here says nothing of what should be decided differently."),
        (
            [facts(differently=(SEEN,))],
            "The one decision here says what should be decided differently.",
        ),
        (
            [facts(differently=(DIM,))],
            (
                "The one decision here says what should be decided differently; nothing says how anybody "
                "would see it."
            ),
        ),
        (these(7), "None of seven decisions says what should be decided differently."),
        (
            [*these(2), facts(differently=(SEEN,))],
            "One of three decisions says what should be decided differently.",
        ),
        (
            [
                *these(2),
                *(facts(f"x{i}", differently=(SEEN, DIM)) for i in range(2)),
                facts("y", differently=(SEEN,)),
            ],
            (
                "Three of five decisions say what should be decided differently; for two of these, nothing "
                "says how anybody would see it."
            ),
        ),
        (these(2, differently=(SEEN,)), "Both decisions say what should be decided differently."),
        (
            these(13, differently=(SEEN,)),
            "All 13 decisions say what should be decided differently.",
        ),
    ],
)
def test_what_should_be_decided_differently(decisions, words):
    assert says(*decisions, number=1) == words


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([facts(accepted=False)], "Nobody is accountable for the one decision here."),
        (these(3, accepted=False), "Nobody is accountable for any of three decisions."),
        (
            [facts(), facts("b", accepted=False)],
            "Nobody is accountable for one of two decisions.",
        ),
        (
            [
                facts(),
                facts("b", standing=Accountability.VACANT),
                facts("c", standing=Accountability.NAMED),
            ],
            (
                "Nobody is accountable for one of three decisions; for one, whoever is named has not "
                "accepted."
            ),
        ),
        (
            [facts(standing=Accountability.NAMED)],
            "Somebody is named for the one decision here, and has not accepted.",
        ),
        (
            these(4, standing=Accountability.NAMED),
            "Somebody is named for each of four decisions, and none has accepted.",
        ),
        (
            [*these(3), facts(standing=Accountability.NAMED)],
            "Somebody is named for each of four decisions; one is not accepted yet.",
        ),
        (these(1), "Somebody has accepted to be accountable for the one decision here."),
        (these(4), "Somebody has accepted to be accountable for each of four decisions."),
    ],
)
def test_who_is_accountable(decisions, words):
    assert says(*decisions, number=2) == words


@pytest.mark.parametrize(
    ("decisions", "apart", "words"),
    [
        ([facts()], 0, "No point is open in the one charter here. No round has asked anybody yet."),
        (
            [facts(findings=(OPEN,))],
            0,
            "One point is open in the one charter here. No round has asked anybody yet.",
        ),
        (
            [facts(findings=(OPEN,) * 20), facts("b", findings=(OPEN,)), facts("c")],
            1,
            (
                "21 points are open in two of three charters. In one point, two do not fit together. No "
                "round has asked anybody yet."
            ),
        ),
        (
            [facts(rounds=(seen(RoundState.OPEN),)), facts("b")],
            2,
            (
                "No point is open in two charters. In two points, they do not fit together. One round is "
                "open."
            ),
        ),
        (
            [facts(rounds=(seen(RoundState.SHOWN),)), facts("b", rounds=(seen(RoundState.OPEN),))],
            0,
            (
                "No point is open in two charters. People have answered on one decision, and no rule is "
                "written yet."
            ),
        ),
        (
            [facts(rounds=(seen(RoundState.SETTLED),))],
            0,
            "No point is open in the one charter here.",
        ),
    ],
)
def test_where_it_is_unclear_or_contested(decisions, apart, words):
    assert says(*decisions, number=3, apart=apart) == words


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([facts()], "No assumption is written down for the one decision here."),
        (these(3), "No assumption is written down for any of three decisions."),
        ([facts(assumptions=(TESTED,))], "The one assumption written down has a test."),
        (
            [facts(assumptions=(Assumption(id="a", says="b"),)), facts("b")],
            "The one assumption written down has no test. One of two decisions writes none down.",
        ),
        ([facts(assumptions=(TESTED, TESTED))], "Both assumptions have a test."),
        (
            these(3, assumptions=(Assumption(id="a", says="b"),)),
            "None of three assumptions has a test.",
        ),
        (
            [
                facts(assumptions=(TESTED, Assumption(id="a", says="b"), TESTED)),
                facts("b"),
                facts("c"),
            ],
            "One of three assumptions has no test. Two of three decisions write none down.",
        ),
    ],
)
def test_what_is_assumed_and_not_seen(decisions, words):
    assert says(*decisions, number=4) == words


TOLD = Settled(says="Bring it.", seen="Checked on 1 May 2026: it happened.")
OUTCOME = Outcome(name="repaid", due_days=365)


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([facts()], "Nothing is measured here yet, and which outcome would show it is not said."),
        (
            [facts(outcome=OUTCOME)],
            "Nothing is measured here yet, and the outcome that would show it is named.",
        ),
        (
            [facts(outcome=OUTCOME), facts("b"), facts("c")],
            "Nothing is measured here yet; one of three decisions names the outcome that would show it.",
        ),
        (
            [facts(settled=(TOLD,)), facts("b")],
            "For one of two decisions, a table was asked what a rule changed.",
        ),
        (
            [facts(settled=(TOLD,))],
            "For the one decision here, a table was asked what a rule changed.",
        ),
        (
            these(3, outcome=OUTCOME),
            "Nothing is measured here yet; all three decisions name the outcome that would show it.",
        ),
    ],
)
def test_whether_it_helps_is_not_claimed_before_it_is_measured(decisions, words):
    assert says(*decisions, number=5) == words


decision = st.builds(
    facts,
    st.sampled_from(["a", "b", "c"]),
    standing=st.sampled_from(list(Accountability)),
    person=st.sampled_from([None, "Ann Berg"]),
    findings=st.lists(st.sampled_from([OPEN, ERROR]), max_size=3).map(tuple),
    rounds=st.lists(st.builds(seen, st.sampled_from(list(RoundState))), max_size=2).map(tuple),
    differently=st.lists(st.sampled_from([DIM, SEEN]), max_size=2).map(tuple),
    assumptions=st.lists(st.sampled_from([TESTED, Assumption(id="b", says="x")]), max_size=2).map(
        tuple
    ),
    outcome=st.sampled_from([None, OUTCOME]),
    owner=st.sampled_from([None, "head-of-loans", "Ann Berg", "Ann Berg and Bo Lund"]),
    advice=st.sampled_from([None, *(Advice(mode=m) for m in Mode)]),
    look_again=st.sampled_from(
        [None, LookAgain(next=date(2026, 1, 1)), LookAgain(next=date(2027, 1, 1))]
    ),
)


@given(st.lists(decision, min_size=1, max_size=15), st.integers(0, 3))
def test_whatever_is_there_five_sentences_answer_with_one_step_each(decisions, apart):
    home = HomeFacts(decisions=tuple(decisions), apart=apart)
    answers = five_answers(home)
    assert len(answers) == 5
    for answer in answers:
        assert answer.says.endswith(".")
        assert answer.says[0].isupper() or answer.says[0].isdigit()
        assert not re.search(r"\b(one|no) (decisions|points|rounds|assumptions)\b", answer.says)
        assert not re.search(r"\.\.|\s{2}| ,|;\.", answer.says)
        assert re.fullmatch(r"/d/[a-z]+(/[a-z0-9-]+)*(\?depth=10)?(#[a-z_]+)?", answer.step.href)
    assert 0 <= most_valuable(answers, home) < 5
    page = home_page(home, TODAY)
    assert len(page["rows"]) == len(decisions)
    ranks = [list(Need).index(Need(row["need"])) for row in page["rows"]]
    assert ranks == sorted(ranks)


@given(decision)
def test_whatever_a_decision_is_like_its_page_says_a_state_and_one_step(one):
    page = decision_page(one, TODAY)
    assert page["step"].label
    assert page["step"].href.startswith((f"/d/{one.slug}", "#"))
    assert page["stand"].count(".") >= 2
    assert all(page[part]["claim"] for part in ("differently", "unclear", "rounds", "assumptions"))


def test_the_headline_counts_those_that_need_the_visitor():
    assert headline(HomeFacts(decisions=(facts(),)), TODAY) == "Nothing needs you"
    assert (
        headline(HomeFacts(decisions=(facts(accepted=False),)), TODAY) == "One decision needs you"
    )
    assert (
        headline(HomeFacts(decisions=tuple(these(3, accepted=False))), TODAY)
        == "Three decisions need you"
    )


@pytest.mark.parametrize(
    ("one", "need", "reason", "label", "href"),
    [
        (facts(accepted=False), Need.NEEDS, "name someone", "Name someone", "/d/loan/owner"),
        (
            facts(accepted=False, owner=None),
            Need.NEEDS,
            "name someone",
            "Name someone",
            "/d/loan/charter#owner",
        ),
        (
            facts(findings=(ERROR,)),
            Need.NEEDS,
            "mend one error",
            "Mend the charter",
            "/d/loan/charter?depth=10#matters",
        ),
        (
            facts(rounds=(seen(RoundState.SHOWN),), findings=(OPEN,)),
            Need.NEEDS,
            "settle a rule",
            "Write the rule",
            "/d/loan/round/loan-1/settle",
        ),
        (
            facts(rounds=(seen(RoundState.WITHHELD, 3),)),
            Need.NEEDS,
            "too few answered",
            "Ask again",
            "/d/loan/round/new",
        ),
        (
            facts(look_again=LookAgain(next=date(2026, 11, 22))),
            Need.NEEDS,
            "look again, due 22 November 2026",
            "Look again",
            "/d/loan/charter?depth=10#look_again",
        ),
        (
            facts(standing=Accountability.NAMED),
            Need.WATCH,
            "not accepted yet",
            "Accept",
            "/d/loan/owner",
        ),
        (
            facts(rounds=(seen(RoundState.OPEN),)),
            Need.LEARNING,
            "round until 4 December 2026",
            "See the round",
            "/d/loan/round/loan-1",
        ),
        (facts(), Need.WATCH, "nothing differs", "Say what changes", "/d/loan/charter#differently"),
        (
            facts(differently=(SEEN,), findings=(OPEN, OPEN)),
            Need.WATCH,
            "two open points",
            "Invite people to a round",
            "/d/loan/round/new",
        ),
        (
            facts(
                differently=(SEEN,),
                rounds=(seen(RoundState.SETTLED),),
                look_again=LookAgain(next=TODAY),
            ),
            Need.STEADY,
            "look again 23 November 2026",
            "Read the charter",
            "/d/loan/charter",
        ),
    ],
)
def test_the_most_valuable_step_comes_first(one, need, reason, label, href):
    found, step = state(one, TODAY), next_step(one, TODAY)
    assert (found.need, found.reason) == (need, reason)
    assert (step.label, step.href) == (label, href)


def test_who_is_accountable_is_said_as_firmly_as_it_is_known():
    assert who(facts()) == "Ann Berg"
    assert who(facts(standing=Accountability.NAMED)) == "Ann Berg, not accepted yet"
    assert who(facts(standing=Accountability.VACANT)) == "Nobody: head of loans is vacant"
    assert who(facts(accepted=False)) == "Nobody on record as head of loans"
    assert who(facts(accepted=False, owner=None)) == "Nobody accountable yet"


def test_a_round_that_is_open_says_how_many_and_nothing_of_what_they_said():
    page = decision_page(facts(rounds=(seen(RoundState.OPEN, 3),)), TODAY)
    (row,) = page["rounds"]["items"]
    assert row["says"] == "Open until 4 December 2026: three of eight have answered so far."
    assert "all at once" in row["sub"]
