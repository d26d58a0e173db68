-- Readings by year, of which those without a year's partition are in the default one.
CREATE TABLE readings (
    sensor integer NOT NULL,
    taken_at timestamptz NOT NULL,
    value double precision,
    PRIMARY KEY (sensor, taken_at)
) PARTITION BY RANGE (taken_at);

CREATE TABLE readings_default PARTITION OF readings DEFAULT;
