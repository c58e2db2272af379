-- Where a study gets the links to its online interviews from: `pasted` for each interview, or made through Microsoft
-- `graph`. A study without a row has a fixed link.
CREATE TABLE link_sources (
    study TEXT NOT NULL PRIMARY KEY REFERENCES studies (id),
    source TEXT NOT NULL
);
-- Who an interviewer is to Microsoft: the object id in whose name meetings are made.
ALTER TABLE members ADD COLUMN microsoft_id TEXT;
-- What is wanted of Microsoft for an interview and the one who holds it, and how far that has come. The lease and its
-- fence belong to the server that is asking; the version rises with what is wanted, so that what comes back while it
-- rises is kept and still not taken for the end.
CREATE TABLE meetings (
    interview TEXT NOT NULL REFERENCES interviews (id),
    interviewer TEXT NOT NULL REFERENCES users (id),
    study TEXT NOT NULL REFERENCES studies (id),
    wanted TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL,
    problem TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT,
    fence INTEGER NOT NULL DEFAULT 0,
    organizer TEXT,
    graph_id TEXT,
    join_link TEXT,
    PRIMARY KEY (interview, interviewer)
);
CREATE INDEX meetings_due ON meetings (due_at) WHERE state = 'waiting';
CREATE INDEX meetings_failed ON meetings (study) WHERE state = 'failed';
CREATE INDEX meetings_study ON meetings (study, interviewer);
