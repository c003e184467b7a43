-- Choices by kind of alike cases, by the finer kind within it, and by tenth of the people, all
-- as numbers: what the recorded differences of alike cases would already bring.
WITH cells AS (
    SELECT alike_narrow, alike, row_number() OVER () AS part, dense_rank() OVER (ORDER BY alike) AS cell
    FROM (
        SELECT DISTINCT alike, alike_narrow
        FROM cases
        WHERE alike IS NOT NULL AND alike_narrow IS NOT NULL
    ) AS a
),
people AS (
    SELECT decider, row_number() OVER (ORDER BY decider) % $folds AS fold
    FROM (SELECT DISTINCT decider FROM cases WHERE decider IS NOT NULL) AS b
),
answers AS (
    SELECT choice, row_number() OVER (ORDER BY choice) AS answer
    FROM (SELECT DISTINCT choice FROM cases WHERE choice IS NOT NULL) AS c
)
SELECT cells.cell, cells.part, people.fold, answers.answer, count(*) AS cases
FROM cases
INNER JOIN cells ON cells.alike_narrow = cases.alike_narrow AND cells.alike = cases.alike
INNER JOIN people ON people.decider = cases.decider
INNER JOIN answers ON answers.choice = cases.choice
GROUP BY cells.cell, cells.part, people.fold, answers.answer
ORDER BY cells.cell, cells.part, people.fold, answers.answer
