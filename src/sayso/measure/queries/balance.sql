-- Squared distance of the share in view from the stated one, over the cells of what was
-- known beforehand. Cells too small for the approximation are left out.
SELECT
    'decider' AS variable,
    count(*) AS cells,
    sum(
        (in_view - cases * $stated) * (in_view - cases * $stated)
        / (cases * $stated * (1e0 - $stated))
    ) AS distance
FROM (
    SELECT
        decider,
        count(*) AS cases,
        count(*) FILTER (WHERE shown) AS in_view
    FROM cases
    WHERE shown IS NOT NULL
    GROUP BY decider
) AS by_decider
WHERE cases * $stated * (1e0 - $stated) >= 5
UNION ALL
SELECT
    'advice' AS variable,
    count(*) AS cells,
    sum(
        (in_view - cases * $stated) * (in_view - cases * $stated)
        / (cases * $stated * (1e0 - $stated))
    ) AS distance
FROM (
    SELECT
        advice,
        count(*) AS cases,
        count(*) FILTER (WHERE shown) AS in_view
    FROM cases
    WHERE shown IS NOT NULL
    GROUP BY advice
) AS by_advice
WHERE cases * $stated * (1e0 - $stated) >= 5
UNION ALL
SELECT
    'kind' AS variable,
    count(*) AS cells,
    sum(
        (in_view - cases * $stated) * (in_view - cases * $stated)
        / (cases * $stated * (1e0 - $stated))
    ) AS distance
FROM (
    SELECT
        kind,
        count(*) AS cases,
        count(*) FILTER (WHERE shown) AS in_view
    FROM cases
    WHERE shown IS NOT NULL
    GROUP BY kind
) AS by_kind
WHERE cases * $stated * (1e0 - $stated) >= 5
UNION ALL
SELECT
    'alike_wide' AS variable,
    count(*) AS cells,
    sum(
        (in_view - cases * $stated) * (in_view - cases * $stated)
        / (cases * $stated * (1e0 - $stated))
    ) AS distance
FROM (
    SELECT
        alike_wide,
        count(*) AS cases,
        count(*) FILTER (WHERE shown) AS in_view
    FROM cases
    WHERE shown IS NOT NULL
    GROUP BY alike_wide
) AS by_alike_wide
WHERE cases * $stated * (1e0 - $stated) >= 5
ORDER BY variable
