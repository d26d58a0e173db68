-- Tickets with a state of their own type and a postal code of a domain.
CREATE TYPE ticket_state AS ENUM ('open', 'pending', 'closed');
CREATE DOMAIN us_zip AS text CHECK (VALUE ~ '^[0-9]{5}$');
CREATE DOMAIN free_label AS text;

CREATE TABLE tickets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state ticket_state NOT NULL DEFAULT 'open',
    title text NOT NULL,
    zip us_zip
);
