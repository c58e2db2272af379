CREATE TABLE guides (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    version INTEGER,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    published_at BIGINT
);
CREATE UNIQUE INDEX guides_version ON guides (study, version) WHERE version IS NOT NULL;
CREATE INDEX guides_study ON guides (study, id);

-- The record of an interview; the guide is fixed by the first write.
CREATE TABLE sheets (
    interview TEXT NOT NULL PRIMARY KEY REFERENCES interviews (id),
    guide TEXT NOT NULL REFERENCES guides (id),
    revision INTEGER NOT NULL,
    started_at BIGINT NOT NULL
);

CREATE TABLE sheet_answers (
    interview TEXT NOT NULL REFERENCES sheets (interview),
    question TEXT NOT NULL,
    state TEXT NOT NULL,
    note_sealed BLOB,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (interview, question)
);
