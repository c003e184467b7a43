"""What the demo writes beside its table: the columns' names, the charter, the people."""

from __future__ import annotations

COLUMNS = (
    "visit_id",
    "closed_at",
    "disp_id",
    "depot",
    "fault_code",
    "unit_age_years",
    "stock_low",
    "customer_words_match",
    "customer_kind",
    "first_view_asked",
    "first_view",
    "first_view_at",
    "p_need",
    "rec",
    "rec_shown_at",
    "part_sent",
    "note_code",
    "part_used",
    "visited_at",
)

CHARTER = """\
# SIMULATED. No company, person, depot or visit here is real; `sayso demo` wrote this file.
decision: first-visit-part
version: 1
question: Should the technician bring the part on the first visit?
options: [bring, leave]
default: leave
owner: head-of-field-service
rights: {decide: [dispatchers], consult: [technicians], inform: [stores], veto: []}
differently:
  - says: Low stock alone no longer keeps back a part that is needed
    check: avg(choice = 'bring')
    where: stock_low
    from: 0.24
    to: 0.35
    by: 2026-05-31
inputs:
  fault_code: category
  unit_age_years: number
  stock_low: boolean
  customer_words_match: boolean
  customer_kind: category
kinds: [fault_code]
alike: {exact: [fault_code, stock_low], within: {unit_age_years: 1}}
affected: [customer_kind]
matters:
  - name: solved on the first visit
    weight: 0.6
    measure: if(choice = 'leave' and part_used, 0, 1)
    range: [0, 1]
    unit: share
  - name: parts not wasted
    weight: 0.4
    measure: if(choice = 'bring' and not part_used, 190, 0)
    range: [190, 0]
    unit: EUR
outcome: {name: part_used, kind: boolean, due: 21d, seen_when: always}
mistakes:
  bring: {when: not part_used, costs: 190 EUR}
  leave: {when: part_used, costs: 310 EUR}
advice:
  source: parts-model
  mode: advise
  ceiling: delegate
  routine: fault_code = 'E-12'
  prior: {sample: 0.2}
  holdback: 0
reasons: [customer described the fault, stock is low, known issue on this unit, other]
worth_acting_on: 5 per 100
assumptions:
  - id: e41
    says: Code E-41 needs the part about 74 times in 100
    check: avg(part_used)
    where: fault_code = 'E-41'
    holds: [0.69, 0.79]
    owner: data-science
    since: 2026-01-05
gate:
  to: delegate
  when: {gain: "> 0", outcomes: 600, confidence: 0.95}
  stop: {harm: "> 0.02", confidence: 0.9}
look_again: {every: 90d, next: 2027-03-01, escalate_after: 14d, to: chief-operating-officer}
privacy: {minimum_people: 5, minimum_cases: 30, team_names: shown, few_deciders: refuse}
source:
  table: service_visits.csv
  columns:
    case: visit_id
    decided_at: closed_at
    decider: disp_id
    team: depot
    choice: part_sent
    prior: first_view
    prior_at: first_view_at
    prior_asked: first_view_asked
    advice: rec
    advice_confidence: p_need
    shown: rec_shown_at
    reason_code: note_code
    outcome: part_used
    outcome_at: visited_at
"""

PEOPLE = """\
# SIMULATED. Who holds which role, and since when.
- {role: head-of-field-service, person: Ada Sample, from: 2025-10-01}
- {role: data-science, person: Ben Sample, from: 2025-10-01}
- {role: chief-operating-officer, person: Cleo Sample, from: 2025-10-01}
"""
