-- A secret that a researcher's authenticator app shares with us, sealed. Not asked for until it is confirmed. `last_step`
-- is the step of the last code that was taken, so that none is taken twice (RFC 6238 5.2).
CREATE TABLE second_factors (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    secret_sealed BYTEA NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL
);

-- Codes that do once in place of the app, as digests under the installation's key.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    digest TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
);
