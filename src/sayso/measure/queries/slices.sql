-- What went wrong by kind of case and group of people; a person is in one group. Beyond $most cases
-- every second, third, ... person is read, so that a search costs the same in any table.
SELECT
    packed,
    fold,
    max(step) AS step,
    count(*) AS cases,
    count(CASE WHEN choice <> advice THEN 1 END) AS overruled,
    count(CASE WHEN known THEN 1 END) AS known,
    count(CASE WHEN known AND choice = advice AND advice_loss > 0 THEN 1 END) AS wrong_followed,
    count(CASE WHEN known AND advice_loss > choice_loss THEN 1 END) AS advice_worse,
    count(CASE WHEN known AND choice_loss > advice_loss THEN 1 END) AS choice_worse
FROM (
    SELECT
        slices.packed,
        people.fold,
        people.step,
        slices.choice,
        slices.advice,
        slices.choice_loss,
        slices.advice_loss,
        slices.outcome_matured
        AND slices.choice_loss IS NOT NULL
        AND slices.advice_loss IS NOT NULL AS known
    FROM case_slices AS slices
    INNER JOIN (
        SELECT decider, step, kept - 32e0 * floor(kept / 32e0) AS fold
        FROM (
            SELECT decider, step, floor(place / step) AS kept
            FROM (
                SELECT
                    decider,
                    1e0 * row_number() OVER (ORDER BY decider) AS place,
                    1e0 + floor(sum(cases) OVER () / $most) AS step
                FROM (
                    SELECT decider, count(*) AS cases
                    FROM cases
                    WHERE decider IS NOT NULL
                    GROUP BY decider
                ) AS named
            ) AS placed
            WHERE place = step * floor(place / step)
        ) AS chosen
    ) AS people ON slices.decider = people.decider
    WHERE slices.choice IS NOT NULL
        AND slices.advice IS NOT NULL
        AND coalesce(slices.shown, TRUE)
        AND NOT coalesce(slices.justification, FALSE)
) AS advised
GROUP BY packed, fold
ORDER BY packed, fold
