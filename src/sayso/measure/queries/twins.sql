-- Ordered pairs of cases alike by one definition, by person: with whom they differ, and all there are.
-- Squares of sums count pairs without looking at one: n cases differ from those of their cell
-- with another answer. Where teams are known, a case without one takes no part. People, teams
-- and answers are numbered first, since most of the time would go into comparing texts.
-- Halving and leaving out is left to the estimator, which also names the key of alike cases.
WITH people AS (
    SELECT decider, row_number() OVER (ORDER BY decider) AS person
    FROM (SELECT DISTINCT decider FROM cases WHERE decider IS NOT NULL) AS a
),
teams AS (
    SELECT name, row_number() OVER (ORDER BY name) AS team
    FROM (SELECT DISTINCT coalesce(team, '') AS name FROM cases) AS b
),
answers AS (
    SELECT choice, row_number() OVER (ORDER BY choice) AS answer
    FROM (SELECT DISTINCT choice FROM cases WHERE choice IS NOT NULL) AS c
),
counted AS (
    SELECT keyed.cell, teams.team, people.person, answers.answer, count(*) AS n
    FROM (
        SELECT
            alike_key AS cell,
            decider,
            team,
            choice
        FROM cases
    ) AS keyed
    INNER JOIN people ON people.decider = keyed.decider
    INNER JOIN teams ON teams.name = coalesce(keyed.team, '')
    INNER JOIN answers ON answers.choice = keyed.choice
    WHERE keyed.cell IS NOT NULL AND (keyed.team IS NOT NULL OR NOT $teams)
    GROUP BY keyed.cell, teams.team, people.person, answers.answer
),
team_answers AS (
    SELECT cell, team, answer, sum(n) AS n FROM counted GROUP BY cell, team, answer
),
cell_answers AS (
    SELECT cell, answer, sum(n) AS n FROM team_answers GROUP BY cell, answer
),
team_cells AS (
    SELECT cell, team, sum(n) AS n FROM team_answers GROUP BY cell, team
),
cells AS (
    SELECT cell, sum(n) AS n FROM cell_answers GROUP BY cell
),
around AS (
    SELECT
        team_answers.cell,
        team_answers.team,
        team_answers.answer,
        cells.n - cell_answers.n AS cell_differing,
        cells.n - 1 AS cell_others,
        team_cells.n - team_answers.n AS team_differing,
        team_cells.n - 1 AS team_others
    FROM team_answers
    INNER JOIN cells ON cells.cell = team_answers.cell
    INNER JOIN cell_answers
        ON cell_answers.cell = team_answers.cell AND cell_answers.answer = team_answers.answer
    INNER JOIN team_cells
        ON team_cells.cell = team_answers.cell AND team_cells.team = team_answers.team
),
own AS (
    SELECT person, sum(n * n) AS squares
    FROM (SELECT cell, person, sum(n) AS n FROM counted GROUP BY cell, person) AS e
    GROUP BY person
),
own_answers AS (
    SELECT person, sum(n * n) AS squares
    FROM (SELECT cell, person, answer, sum(n) AS n FROM counted GROUP BY cell, person, answer) AS f
    GROUP BY person
),
team_own AS (
    SELECT person, sum(n * n) AS squares
    FROM (SELECT cell, team, person, sum(n) AS n FROM counted GROUP BY cell, team, person) AS g
    GROUP BY person
),
placed AS (
    SELECT
        counted.person,
        sum(counted.n) AS cases,
        sum(counted.n * counted.n) AS squares,
        sum(counted.n * around.cell_differing) AS cell_differing,
        sum(counted.n * around.cell_others) AS cell_pairs,
        sum(counted.n * around.team_differing) AS team_differing,
        sum(counted.n * around.team_others) AS team_pairs
    FROM counted
    INNER JOIN around
        ON around.cell = counted.cell
        AND around.team = counted.team
        AND around.answer = counted.answer
    GROUP BY counted.person
)
SELECT
    people.decider,
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
INNER JOIN people ON people.person = placed.person
INNER JOIN own ON own.person = placed.person
INNER JOIN own_answers ON own_answers.person = placed.person
INNER JOIN team_own ON team_own.person = placed.person
ORDER BY people.decider
