"""A charter without a finding; tests break one line of it at a time."""

GOOD = """\
decision: first-visit-part
version: 3
question: Should the technician bring the part on the first visit?
options: [bring, leave]
default: leave
owner: head-of-field-service
rights: {decide: [dispatchers], consult: [technicians], inform: [stores], veto: []}
differently:
  - {says: Words count, check: "avg(choice = 'bring')", where: words_match, from: 0.41, to: 0.60, by: 2026-09-01}
inputs: {fault_code: category, age: number, stock_low: boolean, words_match: boolean}
kinds: [fault_code]
alike: {exact: [fault_code, stock_low], within: {age: 1}}
affected: [region]
matters:
  - {name: solved at once, weight: 0.6, measure: "if(choice = 'leave' and part_used, 0, 1)", range: [0, 1]}
  - {name: parts kept, weight: 0.4, measure: "if(choice = 'bring' and not part_used, 190, 0)", range: [310, 0], unit: EUR}
outcome: {name: part_used, kind: boolean, due: 21d, seen_when: always}
mistakes:
  bring: {when: "not part_used", costs: 190 EUR}
  leave: {when: "part_used", costs: 310 EUR}
advice: {source: parts-model, mode: advise, ceiling: delegate, routine: "fault_code = 'E-12'", prior: {sample: 0.2}, holdback: 0, consent: null}
reasons: [customer described the fault, stock is low, other]
worth_acting_on: 5 per 100
assumptions:
  - {id: e41, says: E-41 means the compressor, check: avg(part_used), where: "fault_code = 'E-41'", holds: [0.69, 0.79], owner: data-science, since: 2026-03-09}
gate: {to: delegate, when: {gain: "> 0", outcomes: 600}, stop: {harm: "> 0.02"}}
look_again: {every: 90d, next: 2026-12-07, escalate_after: 14d, to: chief-operating-officer}
privacy: {minimum_people: 5, minimum_cases: 30, team_names: hidden, few_deciders: refuse}
source:
  table: visits.parquet
  where: "cancelled = false"
  columns: {case: visit_id, choice: "if(sent, 'bring', 'leave')", outcome: part_used}
"""


def broken(old: str, new: str) -> str:
    """The good charter with one piece replaced; the piece must be there."""
    assert GOOD.count(old) >= 1, f"{old!r} is not in the good charter"
    return GOOD.replace(old, new, 1)
