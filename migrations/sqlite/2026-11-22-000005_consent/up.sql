CREATE TABLE consent_forms (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    version INTEGER,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    published_at BIGINT
);
CREATE UNIQUE INDEX consent_forms_version ON consent_forms (study, version) WHERE version IS NOT NULL;
CREATE INDEX consent_forms_study ON consent_forms (study, id);

CREATE TABLE consents (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    respondent TEXT NOT NULL REFERENCES respondents (id),
    form TEXT NOT NULL REFERENCES consent_forms (id),
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    items TEXT NOT NULL,
    name_sealed BLOB,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consents_respondent ON consents (respondent, id);
CREATE INDEX consents_study ON consents (study, id);
