-- The arms as assigned: loads, late advice, choices never made, the level of numeric advice.
SELECT
    shown,
    count(*) AS cases,
    count(*) FILTER (WHERE justification) AS late,
    count(*) FILTER (WHERE choice IS NULL AND choice_number IS NULL) AS unmade,
    count(advice_number) AS numbers,
    avg(advice_number) AS number_mean,
    var_pop(advice_number) * count(advice_number) AS number_m2
FROM cases
WHERE shown IS NOT NULL
GROUP BY shown
ORDER BY shown
