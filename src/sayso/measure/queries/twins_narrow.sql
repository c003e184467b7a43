-- Ordered pairs of cases alike in alike_narrow, by person: with whom they differ, and all there are.
-- Squares of sums count pairs without looking at one: n cases differ from those of their cell
-- with another answer. Where teams are known, a case without one takes no part. Halving and leaving out is left to the estimator.
WITH counted AS (
    SELECT
        alike_narrow AS cell,
        coalesce(team, '') AS team,
        decider,
        choice,
        count(*) AS n
    FROM cases
    WHERE alike_narrow IS NOT NULL AND choice IS NOT NULL AND decider IS NOT NULL
        AND (team IS NOT NULL OR NOT $teams)
    GROUP BY alike_narrow, coalesce(team, ''), decider, choice
),
cells AS (
    SELECT cell, sum(n) AS all_n FROM counted GROUP BY cell
),
cell_answers AS (
    SELECT cell, choice, sum(n) AS same_n FROM counted GROUP BY cell, choice
),
teams AS (
    SELECT cell, team, sum(n) AS all_n FROM counted GROUP BY cell, team
),
team_answers AS (
    SELECT cell, team, choice, sum(n) AS same_n FROM counted GROUP BY cell, team, choice
),
own AS (
    SELECT decider, sum(n * n) AS squares
    FROM (SELECT cell, decider, sum(n) AS n FROM counted GROUP BY cell, decider) AS a
    GROUP BY decider
),
own_answers AS (
    SELECT decider, sum(n * n) AS squares
    FROM (SELECT cell, decider, choice, sum(n) AS n FROM counted GROUP BY cell, decider, choice) AS b
    GROUP BY decider
),
team_own AS (
    SELECT decider, sum(n * n) AS squares
    FROM (SELECT cell, team, decider, sum(n) AS n FROM counted GROUP BY cell, team, decider) AS d
    GROUP BY decider
),
placed AS (
    SELECT
        counted.decider,
        sum(counted.n) AS cases,
        sum(counted.n * counted.n) AS squares,
        sum(counted.n * (cells.all_n - cell_answers.same_n)) AS cell_differing,
        sum(counted.n * (cells.all_n - 1)) AS cell_pairs,
        sum(counted.n * (teams.all_n - team_answers.same_n)) AS team_differing,
        sum(counted.n * (teams.all_n - 1)) AS team_pairs
    FROM counted
    INNER JOIN cells ON cells.cell = counted.cell
    INNER JOIN cell_answers
        ON cell_answers.cell = counted.cell AND cell_answers.choice = counted.choice
    INNER JOIN teams ON teams.cell = counted.cell AND teams.team = counted.team
    INNER JOIN team_answers
        ON team_answers.cell = counted.cell
        AND team_answers.team = counted.team
        AND team_answers.choice = counted.choice
    GROUP BY counted.decider
)
SELECT
    placed.decider,
    placed.cases,
    placed.cell_differing,
    placed.cell_pairs,
    placed.team_differing,
    placed.team_pairs,
    own.squares - own_answers.squares AS own_differing,
    own.squares - placed.cases AS own_pairs,
    team_own.squares - placed.squares AS team_own_differing,
    team_own.squares - placed.cases AS team_own_pairs
FROM placed
INNER JOIN own ON own.decider = placed.decider
INNER JOIN own_answers ON own_answers.decider = placed.decider
INNER JOIN team_own ON team_own.decider = placed.decider
ORDER BY placed.decider
