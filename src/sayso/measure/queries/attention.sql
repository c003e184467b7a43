-- Seconds by person and arm, cut at each kind's 99th hundredth since a tab left open is no work; and
-- advice taken faster than a tenth of the kind's mean, at most ten seconds (NT10).
WITH timed AS (
    SELECT
        decider,
        coalesce(kind, '') AS sort,
        coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE)
            AND (advice IS NOT NULL OR advice_number IS NOT NULL) AS in_view,
        seconds,
        coalesce(
            choice = advice
            OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number),
            FALSE
        ) AS taken,
        CASE WHEN outcome_matured THEN choice_right END AS turned_out
    FROM cases
    WHERE seconds >= 0 AND (choice IS NOT NULL OR choice_number IS NOT NULL)
),
longest AS (
    SELECT sort, percentile_cont(99e-2) WITHIN GROUP (ORDER BY seconds) AS cap
    FROM timed
    GROUP BY sort
),
capped AS (
    SELECT
        timed.decider,
        timed.sort,
        timed.in_view,
        timed.taken,
        timed.turned_out,
        CASE WHEN timed.seconds > longest.cap THEN longest.cap ELSE timed.seconds END AS took
    FROM timed
    INNER JOIN longest ON longest.sort = timed.sort
),
floors AS (
    SELECT sort, CASE WHEN avg(took) > 100 THEN 10e0 ELSE avg(took) / 10e0 END AS least
    FROM capped
    WHERE in_view
    GROUP BY sort
)
SELECT
    capped.decider,
    capped.in_view,
    count(*) AS cases,
    sum(capped.took) AS seconds,
    avg(capped.took) AS mean_seconds,
    var_pop(capped.took) * count(*) AS spread_seconds,
    count(*) FILTER (WHERE capped.taken) AS taken,
    count(*) FILTER (WHERE capped.taken AND capped.took < floors.least) AS fast,
    count(*) FILTER (
        WHERE capped.taken AND capped.took < floors.least AND capped.turned_out IS NOT NULL
    ) AS fast_known,
    count(*) FILTER (
        WHERE capped.taken AND capped.took < floors.least AND NOT capped.turned_out
    ) AS fast_wrong,
    count(*) FILTER (
        WHERE capped.taken AND capped.took >= floors.least AND capped.turned_out IS NOT NULL
    ) AS slow_known,
    count(*) FILTER (
        WHERE capped.taken AND capped.took >= floors.least AND NOT capped.turned_out
    ) AS slow_wrong
FROM capped
LEFT JOIN floors ON floors.sort = capped.sort
GROUP BY capped.decider, capped.in_view
ORDER BY capped.decider NULLS LAST, capped.in_view
