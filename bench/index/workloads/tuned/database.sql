-- A library of 120,000 titles and 500,000 loans that somebody has tuned: each query of its workload has its index, and five indexes are needless.
-- The same rows each time.
SELECT setseed(0.14);
CREATE EXTENSION pg_trgm;

CREATE TABLE branches (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL);
CREATE TABLE members (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id integer NOT NULL REFERENCES branches,
    card text NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    is_blocked boolean NOT NULL,
    joined_on date NOT NULL
);
CREATE TABLE titles (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    isbn text NOT NULL,
    name text NOT NULL,
    author text NOT NULL,
    subjects text[] NOT NULL,
    attributes jsonb NOT NULL,
    published integer NOT NULL,
    language text NOT NULL
);
CREATE TABLE copies (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title_id integer NOT NULL REFERENCES titles, branch_id integer NOT NULL REFERENCES branches, state text NOT NULL, shelf text NOT NULL) WITH (fillfactor = 85);
CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    copy_id integer NOT NULL REFERENCES copies,
    member_id integer NOT NULL REFERENCES members,
    lent_at timestamptz NOT NULL,
    due_on date NOT NULL,
    returned_at timestamptz,
    renewals smallint NOT NULL
) WITH (fillfactor = 85);
CREATE TABLE reservations (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title_id integer NOT NULL REFERENCES titles, member_id integer NOT NULL REFERENCES members, made_at timestamptz NOT NULL, fulfilled_at timestamptz) WITH (fillfactor = 85);

INSERT INTO branches SELECT n, 'Branch ' || n, 'City ' || n % 7 FROM generate_series(1, 25) AS n;
INSERT INTO members (branch_id, card, email, name, is_blocked, joined_on)
SELECT 1 + floor(power(random(), 2) * 25)::integer, 'C' || lpad((n * 7919 % 1000003)::text, 7, '0'), 'Member' || n || '@mail.example', 'Member ' || n, random() < 0.02, date '2012-01-01' + n / 12 FROM generate_series(1, 60000) AS n;
INSERT INTO titles (isbn, name, author, subjects, attributes, published, language)
SELECT '978' || lpad((n * 104729::bigint % 10000000000)::text, 10, '0'), (ARRAY['The', 'A', 'My', 'Our'])[1 + n % 4] || ' ' || (ARRAY['garden', 'river', 'history', 'machine', 'winter', 'city', 'mind', 'sea'])[1 + floor(random() * 8)::integer] || ' of ' || substr(md5(n::text), 1, 6),
       'Author ' || floor(power(random(), 2) * 20000), ARRAY['s' || floor(power(random(), 2) * 400), 't' || n % 50], jsonb_build_object('pages', 50 + floor(random() * 900), 'series', floor(power(random(), 2) * 4000)), 1900 + floor(sqrt(random()) * 126)::integer, (ARRAY['de', 'de', 'en', 'en', 'fr', 'it'])[1 + floor(random() * 6)::integer]
FROM generate_series(1, 120000) AS n;
INSERT INTO copies (title_id, branch_id, state, shelf) SELECT 1 + floor(power(random(), 1.3) * 120000)::integer, 1 + floor(power(random(), 2) * 25)::integer, CASE WHEN random() < 0.02 THEN 'lost' WHEN random() < 0.15 THEN 'lent' ELSE 'shelf' END, 'S' || n % 300 FROM generate_series(1, 250000) AS n;
INSERT INTO loans (copy_id, member_id, lent_at, due_on, returned_at, renewals)
SELECT 1 + floor(power(random(), 1.5) * 250000)::integer, 1 + floor(power(random(), 2) * 60000)::integer, at, at::date + 28, CASE WHEN n < 470000 AND random() < 0.995 THEN at + random() * interval '40 days' END, floor(power(random(), 3) * 4)::integer
FROM (SELECT n, timestamptz '2022-01-01 00:00:00+00' + n * interval '280 seconds' AS at FROM generate_series(1, 500000) AS n OFFSET 0) AS drawn ORDER BY n;
INSERT INTO reservations (title_id, member_id, made_at, fulfilled_at)
SELECT 1 + floor(power(random(), 3) * 120000)::integer, 1 + floor(random() * 60000)::integer, at, CASE WHEN n < 145000 THEN at + interval '9 days' END FROM (SELECT n, timestamptz '2023-01-01 00:00:00+00' + n * interval '12 minutes' AS at FROM generate_series(1, 150000) AS n OFFSET 0) AS drawn;

CREATE UNIQUE INDEX members_card_key ON members (card);
CREATE UNIQUE INDEX members_email_key ON members (lower(email));
CREATE INDEX members_branch_name_idx ON members (branch_id, name);
CREATE UNIQUE INDEX titles_isbn_key ON titles (isbn);
CREATE INDEX titles_author_idx ON titles (author, published DESC);
CREATE INDEX titles_name_idx ON titles USING gin (name gin_trgm_ops);
CREATE INDEX titles_subjects_idx ON titles USING gin (subjects);
CREATE INDEX titles_series_idx ON titles (((attributes ->> 'series')::integer));
CREATE INDEX copies_title_idx ON copies (title_id, branch_id);
CREATE INDEX copies_shelf_idx ON copies (branch_id, shelf);
CREATE INDEX loans_member_idx ON loans (member_id, lent_at DESC);
CREATE INDEX loans_copy_idx ON loans (copy_id, lent_at DESC);
CREATE INDEX loans_open_idx ON loans (due_on) WHERE returned_at IS NULL;
CREATE INDEX loans_lent_idx ON loans (lent_at);
CREATE INDEX reservations_waiting_idx ON reservations (title_id, made_at) WHERE fulfilled_at IS NULL;
CREATE INDEX reservations_member_idx ON reservations (member_id, made_at DESC);

-- Needless: a copy; the beginning of another; one that nothing reads; one whose partial successor serves all that is asked; and a plain one beside a unique one.
CREATE INDEX loans_member_lent_idx ON loans (member_id, lent_at DESC);
CREATE INDEX copies_title_only_idx ON copies (title_id);
CREATE INDEX titles_language_idx ON titles (language);
CREATE INDEX reservations_title_idx ON reservations (title_id, made_at);
CREATE INDEX members_card_idx ON members (card);
