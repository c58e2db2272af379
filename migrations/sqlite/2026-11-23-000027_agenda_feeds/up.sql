-- The secret address at which a calendar program reads a researcher's interviews; only its digest is kept.
CREATE TABLE agenda_feeds (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX agenda_feeds_digest ON agenda_feeds (digest);
