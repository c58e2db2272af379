-- Studies in which nothing is changed any more.
CREATE TABLE archived_studies (
    study TEXT NOT NULL PRIMARY KEY REFERENCES studies (id),
    archived_at BIGINT NOT NULL
);
