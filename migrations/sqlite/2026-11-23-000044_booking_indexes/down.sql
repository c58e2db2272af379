DROP INDEX letters_occasion;
CREATE UNIQUE INDEX letters_occasion ON letters (recipient, kind, occasion);

CREATE INDEX throttles_updated ON throttles (updated_at);
CREATE INDEX respondents_stratum ON respondents (stratum, status, id) WHERE erased_at IS NULL;
