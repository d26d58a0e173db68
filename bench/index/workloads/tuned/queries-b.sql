-- The same statements with other values, which no advisor sees: an index that fits one value only does not win here.

-- name: a member by the card
-- weight: 100
SELECT id, name, is_blocked FROM members WHERE card = 'C0023757';

-- name: a member by the address
-- weight: 40
SELECT id, name FROM members WHERE lower(email) = 'member31210@mail.example';

-- name: members of a branch by name
-- weight: 5
SELECT id, name FROM members WHERE branch_id = 20 AND name LIKE 'Member 44%' ORDER BY name LIMIT 50;

-- name: a title by isbn
-- weight: 60
SELECT id, name, author FROM titles WHERE isbn = '9780000837832';

-- name: titles of an author
-- weight: 30
SELECT id, name, published FROM titles WHERE author = 'Author 88' ORDER BY published DESC LIMIT 20;

-- name: titles by a word
-- weight: 20
SELECT id, name, author FROM titles WHERE name ILIKE '%of 77f0%' LIMIT 20;

-- name: titles by a subject
-- weight: 15
SELECT id, name FROM titles WHERE subjects @> '{s215,t20}';

-- name: titles of a series
-- weight: 10
SELECT id, name FROM titles WHERE (attributes ->> 'series')::integer = 2111;

-- name: copies of a title
-- weight: 60
SELECT id, branch_id, state, shelf FROM copies WHERE title_id = 40500 ORDER BY branch_id;

-- name: a shelf
-- weight: 5
SELECT c.id, t.name FROM copies AS c JOIN titles AS t ON t.id = c.title_id WHERE c.branch_id = 17 AND c.shelf = 'S210';

-- name: a member's loans
-- weight: 60
SELECT l.lent_at, l.due_on, t.name FROM loans AS l JOIN copies AS c ON c.id = l.copy_id JOIN titles AS t ON t.id = c.title_id WHERE l.member_id = 9031 ORDER BY l.lent_at DESC LIMIT 20;

-- name: a copy's loans
-- weight: 10
SELECT member_id, lent_at, returned_at FROM loans WHERE copy_id = 190023 ORDER BY lent_at DESC LIMIT 10;

-- name: overdue loans
-- weight: 4
SELECT id, member_id, due_on FROM loans WHERE returned_at IS NULL AND due_on < '2024-01-01' ORDER BY due_on LIMIT 100;

-- name: loans of a day
-- weight: 3
SELECT count(*) FROM loans WHERE lent_at >= '2024-10-21' AND lent_at < '2024-10-22';

-- name: who waits for a title
-- weight: 30
SELECT member_id, made_at FROM reservations WHERE title_id = 11 AND fulfilled_at IS NULL ORDER BY made_at;

-- name: a member's reservations
-- weight: 20
SELECT title_id, made_at FROM reservations WHERE member_id = 33001 ORDER BY made_at DESC LIMIT 10;

-- name: blocked members
-- weight: 0.5
SELECT branch_id, count(*) FROM members WHERE is_blocked GROUP BY branch_id;

-- name: loans by the year
-- weight: 0.02
SELECT extract(year FROM lent_at), count(*) FROM loans GROUP BY 1 ORDER BY 1;

-- name: titles by language
-- weight: 0.02
SELECT language, count(*) FROM titles GROUP BY language;

-- name: lend a copy
-- weight: 40
INSERT INTO loans (copy_id, member_id, lent_at, due_on, renewals) VALUES (190023, 9031, '2026-07-01 10:00:00+00', '2026-07-29', 0);

-- name: take a copy back
-- weight: 40
UPDATE loans SET returned_at = '2026-07-01 10:00:00+00' WHERE id = 498000;

-- name: state of a copy
-- weight: 80
UPDATE copies SET state = 'shelf' WHERE id = 190023;

-- name: reserve
-- weight: 10
INSERT INTO reservations (title_id, member_id, made_at) VALUES (11, 700, '2026-07-01 10:00:00+00');

-- name: fulfil a reservation
-- weight: 10
UPDATE reservations SET fulfilled_at = '2026-07-01 10:00:00+00' WHERE id = 148000;
