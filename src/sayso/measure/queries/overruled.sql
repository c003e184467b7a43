-- Advice in view, followed or overruled, with what each cost, by person, kind and reason.
SELECT
    decider,
    kind,
    overruled,
    reason,
    count(*) AS cases,
    count(*) FILTER (WHERE matured) AS matured,
    count(*) FILTER (WHERE known) AS known,
    count(*) FILTER (WHERE known AND choice_right) AS choice_right,
    count(*) FILTER (WHERE known AND advice_right = FALSE) AS advice_wrong,
    count(*) FILTER (WHERE known AND advice_right) AS advice_right,
    sum(CASE WHEN known THEN advice_loss - choice_loss ELSE 0e0 END) AS gain,
    sum(CASE WHEN matured AND NOT known THEN coalesce(advice_stake, 1e0) ELSE 0e0 END) AS may_gain,
    sum(CASE WHEN matured AND NOT known THEN coalesce(choice_stake, 1e0) ELSE 0e0 END) AS may_lose,
    sum(CASE WHEN known THEN choice_loss ELSE 0e0 END) AS choice_loss,
    sum(CASE WHEN known THEN advice_loss ELSE 0e0 END) AS advice_loss
FROM (
    SELECT
        decider,
        kind,
        coalesce(choice <> advice, choice_number <> advice_number) AS overruled,
        -- A reason written after the outcome was known explains, it does not decide.
        CASE WHEN coalesce(choice <> advice, choice_number <> advice_number)
            AND NOT coalesce(reason_at > outcome_at, FALSE) THEN reason_code END AS reason,
        outcome_matured AS matured,
        outcome_matured AND choice_loss IS NOT NULL AND advice_loss IS NOT NULL AS known,
        choice_right,
        advice_right,
        choice_loss,
        advice_loss,
        choice_stake,
        advice_stake
    FROM cases
    WHERE coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
        AND coalesce(choice <> advice, choice_number <> advice_number) IS NOT NULL
) AS compared
GROUP BY decider, kind, overruled, reason
ORDER BY decider NULLS LAST, kind NULLS LAST, overruled, reason NULLS LAST
