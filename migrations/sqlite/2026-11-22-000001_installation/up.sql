-- What belongs to the installation as a whole: the fingerprint of its secret, the state of its seeds.
CREATE TABLE installation (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row for every change (R7): ids, field names and salted digests, never values. `position` and `hash` are
-- filled by the sealing, which chains the rows.
CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    study TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT,
    result TEXT NOT NULL,
    fields TEXT NOT NULL,
    salt BLOB NOT NULL,
    position BIGINT,
    hash TEXT
);
CREATE UNIQUE INDEX audit_position ON audit (position) WHERE position IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (id) WHERE position IS NULL;
CREATE INDEX audit_study ON audit (study, id);
CREATE INDEX audit_subject ON audit (study, subject) WHERE subject IS NOT NULL;

CREATE TABLE idempotency_keys (
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    resource TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
