-- What could bend the figures: outcomes written down with the choice, outcomes that came before
-- they were due, outcomes missing unevenly, and how often advice was in view; by person.
SELECT
    decider,
    shown,
    choice,
    followed,
    count(*) AS cases,
    count(CASE WHEN matured THEN 1 END) AS matured,
    count(CASE WHEN matured AND known THEN 1 END) AS known,
    count(CASE WHEN timed THEN 1 END) AS timed,
    count(CASE WHEN timed AND outcome_at <= decided_at + INTERVAL '60' SECOND THEN 1 END)
        AS at_once,
    count(CASE WHEN known AND early THEN 1 END) AS early,
    count(CASE WHEN known AND early AND choice_right IS NOT NULL THEN 1 END) AS early_judged,
    count(CASE WHEN known AND early AND choice_right = FALSE THEN 1 END) AS early_wrong,
    count(CASE WHEN known AND NOT early AND choice_right IS NOT NULL THEN 1 END) AS due_judged,
    count(CASE WHEN known AND NOT early AND choice_right = FALSE THEN 1 END) AS due_wrong
FROM (
    SELECT
        cases.decider,
        cases.shown,
        cases.choice,
        cases.choice = cases.advice AS followed,
        cases.outcome_matured AS matured,
        cases.outcome IS NOT NULL OR cases.outcome_number IS NOT NULL AS known,
        cases.outcome_at,
        cases.decided_at,
        -- Days without a time of day say nothing of the same minute.
        cases.outcome_at IS NOT NULL
        AND cases.decided_at IS NOT NULL
        AND cases.decided_at <> date_trunc('day', cases.decided_at)
        AND (cases.outcome IS NOT NULL OR cases.outcome_number IS NOT NULL) AS timed,
        coalesce(cases.outcome_due > latest.seen, FALSE) AS early,
        cases.choice_right
    FROM cases
    CROSS JOIN (SELECT max(coalesce(outcome_at, decided_at)) AS seen FROM cases) AS latest
) AS looked
GROUP BY decider, shown, choice, followed
ORDER BY decider NULLS LAST, shown NULLS LAST, choice NULLS LAST, followed NULLS LAST
