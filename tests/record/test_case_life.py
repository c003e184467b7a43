"""What may follow what in a case, and what each refusal is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf, nan

import pytest

from sayso.declare.charter import Quantity
from sayso.record.case_events import ChoiceMade, OutcomeRecorded
from sayso.record.commands import (
    Abstain,
    AnswerContest,
    AnswerWorkaround,
    AskAdvice,
    Choose,
    Correct,
    Escalate,
    Expire,
    FileContest,
    GiveAdvice,
    GiveReason,
    Ignore,
    OpenAdvice,
    OpenCase,
    RecordOutcome,
    ReportWorkaround,
    SealPrior,
    SeeSignal,
    SkipPrior,
)
from sayso.record.projection import case_row, closure
from sayso.record.refusal import Refusal
from sayso.record.sight import Advice, Reader, may_see, view_of
from sayso.record.terms import Actor, ActorKind, Change, OverrideKind, Target
from tests.record.case_life_cases import ANN, BEN, BOT, CHARTER, HOST, NOW, Life, code, drawn, kinds

BRING = Choose(answer="bring")
ADVICE = GiveAdvice(answer="leave", source="parts-model@7", confidence=0.8)
OBJECT = FileContest(target=Target.CHARTER, text="the rule forgets winter")


def asked() -> Life:
    return Life(drawn(ask=True)).must(OpenCase())


def test_a_whole_case_is_told_in_its_order():
    life = asked()
    life.must(ADVICE, by=BOT)
    life.must(SealPrior(answer="bring", confidence=0.6), AskAdvice(), OpenAdvice(), BRING)
    life.later(days=20).must(RecordOutcome(outcome=True), by=BEN)
    assert kinds(life.events) == [
        "case.opened",
        "holdback.drawn",
        "advice.computed",
        "prior.sealed",
        "advice.shown",
        "advice.opened",
        "choice.made",
        "outcome.recorded",
    ]


def test_an_unknown_decision_is_refused():
    life = Life()
    life.charter = None  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError):
        life.do(OpenCase())
    from sayso.record.case_life import decide
    from sayso.record.circumstances import Circumstances

    command = Life().command(OpenCase())
    assert code(decide(None, command, Circumstances(now=NOW, charter=None))) == "decision-unknown"


@pytest.mark.feature("D10")
def test_a_stale_charter_version_is_refused_at_opening_and_after_it():
    assert code(Life().do(OpenCase(), charter_version=2)) == "charter-stale"
    assert code(Life().must(OpenCase()).do(BRING, charter_version=4)) == "charter-stale"


@pytest.mark.feature("C4")
@pytest.mark.parametrize("answer", ["Bring", "bring ", "", "no", 1, True, None])
def test_an_answer_outside_the_options_is_refused(answer: object):
    assert code(Life().must(OpenCase()).do(Choose(answer=answer))) == "option-not-allowed"


@pytest.mark.parametrize("answer", [-0.01, 50_000.01, nan, inf, "5", True, 10**400])
def test_a_quantity_outside_its_range_is_refused(answer: object):
    charter = replace(CHARTER, options=(), quantity=Quantity(unit="EUR", low=0, high=50_000))
    life = Life(charter=charter).must(OpenCase())
    assert code(life.do(Choose(answer=answer))) == "quantity-out-of-range"
    life.must(Choose(answer=50_000))


def test_a_case_that_was_never_opened_takes_nothing():
    for ask in (BRING, ADVICE, AskAdvice(), SealPrior(answer="bring"), RecordOutcome(outcome=True)):
        assert code(Life().do(ask)) == "case-not-opened"


def test_a_case_is_opened_once():
    assert code(Life().must(OpenCase()).do(OpenCase())) == "case-twice"


@pytest.mark.feature("C1")
def test_a_first_view_cannot_follow_the_advice():
    life = Life(drawn(ask=True)).must(OpenCase(), ADVICE, SkipPrior(), AskAdvice())
    assert code(life.do(SealPrior(answer="bring"))) == "prior-after-advice"


def test_a_first_view_is_given_once_and_only_where_it_is_asked_for():
    life = asked().must(SealPrior(answer="bring"))
    assert code(life.do(SealPrior(answer="leave"))) == "prior-twice"
    assert code(life.do(SkipPrior())) == "prior-twice"
    assert code(Life().must(OpenCase()).do(SealPrior(answer="bring"))) == "prior-not-asked"


def test_a_first_view_is_a_persons_own():
    assert code(asked().do(SealPrior(answer="bring"), by=BOT)) == "not-yours-to-decide"


@pytest.mark.feature("C2")
def test_sealed_advice_waits_for_the_first_view_whatever_is_tried():
    life = asked().must(ADVICE, by=BOT)
    tries = [
        AskAdvice(),
        OpenAdvice(),
        FileContest(target=Target.ADVICE, text="show me"),
        ADVICE,
        OpenCase(),
        Correct(of=life.events[2].id, field="answer", now="bring", because="x"),
    ]
    codes = [code(life.do(ask)) for ask in tries]
    assert codes == [
        "prior-first",
        "advice-not-seen",
        "advice-not-seen",
        "advice-twice",
        "case-twice",
        "nothing-to-correct",
    ]
    assert life.state is not None
    assert view_of(life.state).advice is Advice.SEALED
    assert view_of(life.state).shown is None


@pytest.mark.feature("C17")
def test_withheld_advice_is_seen_only_after_the_choice():
    life = Life(drawn(show=False)).must(OpenCase(), ADVICE, AskAdvice())
    assert life.state is not None
    assert view_of(life.state).advice is Advice.WITHHELD
    assert code(life.do(OpenAdvice())) == "advice-not-seen"
    life.must(BRING, AskAdvice())
    shown = view_of(life.state).shown
    assert shown is not None
    assert shown.answer == "leave"
    row = case_row(life.state)
    assert row["shown"] is False
    assert row["show_probability"] == 0.5


@pytest.mark.parametrize("show", [True, False])
def test_a_choice_in_a_case_of_a_coin_is_not_corrected_whichever_way_the_coin_fell(show: bool):
    # Whoever reads withheld advice in an export could make the choice agree with it afterwards.
    life = Life(drawn(show=show)).must(OpenCase(), ADVICE, AskAdvice(), BRING)
    fix = Correct(of=life.events[-1].id, field="answer", now="leave", because="a slip")
    assert code(life.do(fix)) == "choice-final"
    always = Life(replace(drawn(show=True), show_probability=1.0)).must(OpenCase(), ADVICE, BRING)
    always.must(replace(fix, of=always.events[-1].id))
    assert always.state is not None
    assert case_row(always.state)["choice"] == "leave"


def test_deciding_without_the_first_view_that_was_asked_for_counts_as_skipping_it():
    life = asked().must(BRING)
    assert kinds(life.events)[-2:] == ["prior.skipped", "choice.made"]
    assert life.state is not None
    assert case_row(life.state)["prior_skipped"] is True


def test_a_choice_is_made_once():
    assert code(Life().must(OpenCase(), BRING).do(BRING)) == "choice-twice"


@pytest.mark.feature("C10")
def test_an_outcome_comes_after_the_choice_and_once():
    life = Life().must(OpenCase())
    assert code(life.do(RecordOutcome(outcome=True))) == "outcome-before-choice"
    life.must(BRING)
    early = NOW - timedelta(days=2)
    assert code(life.do(RecordOutcome(outcome=True), at=early)) == "outcome-before-choice"
    life.must(RecordOutcome(outcome=True), by=BEN)
    assert code(life.do(RecordOutcome(outcome=False))) == "outcome-twice"


def test_an_outcome_told_by_the_decider_is_marked_as_such():
    for by, own in ((BEN, False), (ANN, True), (Actor(ActorKind.SERVICE, "host", "ann"), True)):
        life = Life().must(OpenCase(), BRING).must(RecordOutcome(outcome=True), by=by)
        data = life.events[-1].data
        assert isinstance(data, OutcomeRecorded)
        assert data.self_reported is own


@pytest.mark.parametrize("outcome", ["true", 1, None, nan])
def test_an_outcome_of_another_kind_is_refused(outcome: object):
    life = Life().must(OpenCase(), BRING)
    assert code(life.do(RecordOutcome(outcome=outcome))) in ("outcome-wrong", "field-wrong")


@pytest.mark.feature("C11")
def test_an_outcome_is_due_when_the_charter_says_and_until_then_is_not_missing():
    known = Life().must(OpenCase(), BRING).must(RecordOutcome(outcome=True), by=BEN)
    open_ = Life().must(OpenCase(), BRING)
    undecided = Life().must(OpenCase())
    assert open_.state is not None
    assert open_.state.outcome_due == NOW + timedelta(days=21)
    states = [life.state for life in (known, open_, undecided) if life.state is not None]
    before, after = (closure(states, NOW + timedelta(days=days)) for days in (20, 21))
    assert (before.due, before.early, before.waiting) == (0, 1, 1)
    assert (after.due, after.known, after.waiting) == (2, 1, 0)


def test_a_clock_in_the_future_is_refused():
    assert code(Life().do(OpenCase(), at=NOW + timedelta(minutes=6))) == "clock-ahead"


def test_an_agent_that_acts_for_nobody_is_refused():
    assert code(Life().do(OpenCase(), by=Actor(ActorKind.AGENT, "bot"))) == "agent-for-nobody"


def test_an_agent_decides_only_where_it_may_decide_alone():
    life = Life().must(OpenCase())
    assert code(life.do(BRING, by=BOT)) == "not-yours-to-decide"
    assert code(life.do(Abstain(), by=BOT)) == "not-yours-to-decide"
    life.may_decide_alone = True
    life.must(BRING, by=BOT)


def test_a_service_says_whose_choice_it_passes_on():
    assert code(Life().must(OpenCase()).do(BRING, by=HOST)) == "not-yours-to-decide"
    life = Life().must(OpenCase()).must(BRING, by=replace(HOST, acting_for="ann"))
    assert life.state is not None
    assert case_row(life.state)["decider"] == "ann"


@pytest.mark.feature("C7")
def test_ignored_expired_abstained_and_escalated_are_told_apart():
    def ended(*asks: object) -> object:
        life = Life().must(OpenCase(decide_by=NOW), *asks)
        assert life.state is not None
        return case_row(life.state)["ended"]

    assert ended(Ignore()) == "ignored"
    assert ended(Expire()) == "expired"
    assert ended(Abstain(text="not mine")) == "abstained"
    assert ended(Escalate(to="head-of-field-service")) == "escalated"
    assert ended() == "open"
    assert ended(BRING) == "chosen"


def test_a_case_that_ended_takes_no_choice_and_an_escalated_one_does():
    for end in (Ignore(), Abstain()):
        assert code(Life().must(OpenCase(), end).do(BRING)) == "case-ended"
    Life().must(OpenCase(), Escalate(to="head-of-field-service")).must(BRING, by=BEN)


def test_a_case_expires_only_when_its_time_has_run_out():
    assert code(Life().must(OpenCase()).do(Expire())) == "not-due"
    life = Life().must(OpenCase(decide_by=NOW + timedelta(hours=1)))
    assert code(life.do(Expire())) == "not-due"
    assert code(life.do(Expire(), at=NOW + timedelta(minutes=4))) == "not-due"
    life.later(hours=1).must(Expire())


@pytest.mark.feature("C6")
def test_an_override_carries_what_it_changed_and_how():
    def choice(advice: GiveAdvice, chosen: Choose, life: Life | None = None) -> ChoiceMade:
        life = (life or Life()).must(OpenCase(), advice, AskAdvice(), chosen)
        data = life.events[-1].data
        assert isinstance(data, ChoiceMade)
        return data

    other = choice(ADVICE, BRING)
    assert other.changes == (Change("answer", "leave", "bring"),)
    assert other.override_kind is OverrideKind.SUBSTITUTES
    same = choice(ADVICE, Choose(answer="leave"))
    assert (same.changes, same.override_kind) == ((), None)
    finer = choice(
        GiveAdvice(answer="bring", source="parts-model@1", details=(("part", "K-7"), ("by", 10))),
        Choose(answer="bring", details=(("part", "K-9"), ("note", "x"))),
    )
    assert finer.changes == (Change("part", "K-7", "K-9"),)
    assert finer.override_kind is OverrideKind.REFINES
    said = choice(ADVICE, Choose(answer="bring", override_kind=OverrideKind.REFINES))
    assert said.override_kind is OverrideKind.REFINES
    charter = replace(CHARTER, options=(), quantity=Quantity(unit="EUR", low=0, high=100))
    number = choice(
        GiveAdvice(answer=60, source="parts-model@1"), Choose(answer=50), Life(charter=charter)
    )
    assert number.changes == (Change("answer", 60, 50),)
    assert number.override_kind is OverrideKind.REFINES


def test_advice_that_was_not_seen_is_not_overruled():
    life = Life().must(OpenCase(), ADVICE, BRING)
    data = life.events[-1].data
    assert isinstance(data, ChoiceMade)
    assert (data.advice, data.changes, data.override_kind) == (None, (), None)


@pytest.mark.feature("C5")
def test_a_reason_is_one_of_the_charters_or_a_text():
    life = Life().must(OpenCase())
    assert code(life.do(Choose(answer="bring", reason_code="whim"))) == "reason-unknown"
    life.must(Choose(answer="bring"), GiveReason(code="stock is low", text="two left"))
    assert life.state is not None
    row = case_row(life.state)
    assert (row["reason_code"], row["reason_text"]) == ("stock is low", "two left")
    assert code(life.do(GiveReason())) == "field-missing"


@pytest.mark.feature("C8")
def test_a_contest_is_owed_an_answer_by_a_day_and_answered_once():
    life = Life().must(OpenCase()).must(OBJECT, by=BEN)
    assert life.state is not None
    owed = life.state.contests[0]
    assert owed.due == NOW + timedelta(days=14)
    assert code(life.do(AnswerContest(contest=owed.id, text="x"), by=BOT)) == "not-yours-to-decide"
    answer = AnswerContest(contest=owed.id, text="the rule now names winter", changed="v4")
    life.must(answer)
    assert code(life.do(answer)) == "nothing-owed"
    assert life.state.contests[0].answered_at == NOW
    assert case_row(life.state)["contested"] is True


@pytest.mark.parametrize(
    "target", [Target.CHOICE, Target.METRIC, Target.ASSUMPTION, Target.CHARTER]
)
def test_the_choice_a_metric_an_assumption_and_the_charter_can_be_contested(target: Target):
    Life().must(OpenCase(), BRING).must(FileContest(target=target, of="e41", text="no"), by=BEN)


@pytest.mark.feature("C9")
def test_a_workaround_is_told_without_a_choice_and_owed_an_answer():
    life = Life().must(OpenCase()).must(ReportWorkaround(text="by phone"), by=BEN)
    assert life.state is not None
    one = life.state.workarounds[0]
    assert view_of(life.state).owed == (one.id,)
    life.must(AnswerWorkaround(workaround=one.id, text="we heard"))
    assert view_of(life.state).owed == ()
    assert case_row(life.state)["worked_around"] is True


def test_ten_thousand_contests_of_one_speaker_leave_ten_and_room_for_others():
    life = Life().must(OpenCase())
    kept = sum(not hasattr(life.do(OBJECT, by=BEN), "code") for _ in range(200))
    assert kept == 10
    assert code(life.do(OBJECT, by=BEN)) == "too-many-contests"
    life.must(OBJECT, by=ANN)
    life.filed_today = 100
    assert code(life.do(ReportWorkaround(text="x"), by=ANN)) == "too-many-contests"


@pytest.mark.feature("C14")
def test_a_correction_supersedes_and_both_values_stay_on_record():
    life = Life().must(OpenCase(), BRING, RecordOutcome(outcome=True))
    fix = Correct(of=life.events[-1].id, field="outcome", now=False, because="misread")
    assert code(life.do(replace(fix, now="no"))) == "outcome-wrong"
    assert code(life.do(replace(fix, field="self_reported"))) == "nothing-to-correct"
    assert code(life.do(replace(fix, because=" "))) == "field-missing"
    life.must(fix, by=BEN)
    assert life.state is not None
    assert case_row(life.state)["outcome"] is False
    assert kinds(life.events)[-2:] == ["outcome.recorded", "corrected"]
    first = life.events[-2].data
    assert isinstance(first, OutcomeRecorded)
    assert first.outcome is True


def test_a_first_view_is_not_corrected_once_the_advice_was_seen_and_never_by_others():
    life = asked().must(ADVICE, SealPrior(answer="bring"))
    fix = Correct(of=life.events[-1].id, field="answer", now="leave", because="a slip")
    assert code(life.do(fix, by=BEN)) == "not-yours-to-decide"
    life.must(AskAdvice())
    assert code(life.do(fix)) == "prior-after-advice"


def test_what_a_superior_says_after_the_choice_is_no_signal():
    life = Life().must(OpenCase(), SeeSignal(source="head-of-depot", says="bring"), BRING)
    assert life.state is not None
    assert case_row(life.state)["signal"] == "bring"
    assert code(life.do(SeeSignal(source="head-of-depot"))) == "signal-after-choice"


def test_a_first_view_of_another_person_is_not_the_deciders():
    life = asked().must(SealPrior(answer="leave"), by=BEN).must(BRING, by=ANN)
    assert life.state is not None
    assert case_row(life.state)["prior"] is None


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (Choose(answer="bring", confidence=1.01), "chance-out-of-range"),
        (Choose(answer="bring", confidence=nan), "chance-out-of-range"),
        (Choose(answer="bring", seconds=-1), "chance-out-of-range"),
        (Choose(answer="bring", reason_text="x" * 10_001), "too-large"),
        (Choose(answer="bring", reason_text="a\ud800"), "text-unreadable"),
        (Choose(answer="bring", details=(("n", nan),)), "not-finite"),
        (Choose(answer="bring", details=(("n", 2**60),)), "number-too-large"),
        (GiveAdvice(answer="bring", source="\u202emodel"), "name-unclear"),
        (FileContest(target=Target.METRIC, text="  "), "field-missing"),
    ],
)
def test_values_that_cannot_be_kept_are_refused(ask: object, expected: str):
    life = Life().must(OpenCase())
    assert code(life.do(ask)) == expected  # pyright: ignore[reportArgumentType]
    assert len(life.events) == 2


@pytest.mark.parametrize("case", ["", "a\u200b", "x" * 201])
def test_a_case_name_that_could_be_mistaken_is_refused(case: str):
    assert code(Life().do(OpenCase(), case=case)) == "name-unclear"


def test_an_id_that_is_no_uuid_of_version_7_is_refused():
    assert code(Life().do(OpenCase(), id="1")) == "id-wrong"


def test_an_agent_gives_advice_under_its_own_name_alone():
    life = Life().must(OpenCase())
    for source in ("other-model", "parts-model2@1", "PARTS-MODEL", "x@parts-model"):
        said = life.do(GiveAdvice(answer="bring", source=source), BOT)
        assert code(said) == "not-yours-to-decide"
    life.must(GiveAdvice(answer="bring", source="parts-model"), by=BOT)
    Life().must(OpenCase(), GiveAdvice(answer="bring", source="anything@1"), by=HOST)


@pytest.mark.feature("C4")
def test_an_agent_cannot_learn_the_coin_before_it_gives_its_advice():
    tries = []
    for show in (True, False):
        life = Life(drawn=drawn(show=show)).must(OpenCase())
        asked = life.do(AskAdvice(), BOT)
        # Somebody else may have asked, and been told.
        life.do(AskAdvice(), ANN)
        assert life.state is not None
        seen = [e.data.KIND for e in life.events if may_see(e, life.state, Reader.AGENT)]
        tries.append((asked, view_of(life.state, Reader.AGENT), seen))
        life.must(GiveAdvice(answer="leave", source="parts-model@7"), by=BOT)
        assert (view_of(life.state, Reader.AGENT).advice == "withheld") is not show
    assert tries[0] == tries[1]
    assert code(tries[0][0]) == "advice-none"


def test_an_agent_does_not_see_a_first_view_through_its_correction():
    life = Life(drawn=drawn(ask=True)).must(OpenCase(), SealPrior(answer="bring"))
    assert life.state is not None
    assert life.state.prior is not None
    (said,) = life.do(
        Correct(of=life.state.prior.id, field="answer", now="leave", because="a slip")
    )
    assert not may_see(said, life.state, Reader.AGENT)
    assert may_see(said, life.state, Reader.PARTY)
    life.must(BRING)
    assert may_see(said, life.state, Reader.AGENT)


def test_an_agent_cannot_use_up_what_its_person_may_still_say():
    life = Life().must(OpenCase())
    speak = FileContest(target=Target.CHARTER, text="no")
    while not isinstance(life.do(speak, BOT), Refusal):
        pass
    assert code(life.do(speak, BOT)) == "too-many-contests"
    life.must(speak, by=ANN)
    life = Life(filed_today=50).must(OpenCase())
    assert code(life.do(speak, BOT)) == "too-many-contests"
    life.must(speak, by=ANN)


def test_a_choice_that_skipped_the_first_view_is_corrected_by_the_id_of_its_command():
    life = Life(replace(drawn(ask=True), show_probability=1.0)).must(OpenCase())
    life.do(BRING, id="00000000-0000-7000-8000-00000000beef")
    fix = Correct(
        of="00000000-0000-7000-8000-00000000beef", field="answer", now="leave", because="a slip"
    )
    life.must(fix)
    assert life.state is not None
    assert life.state.choice is not None
    assert life.state.choice.data.answer == "leave"
