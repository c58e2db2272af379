-- Colleagues that respondents named in their own place. `colleague` is the respondent that came of it; null where the
-- address must not be written to, so that nothing of that person is kept. `known` tells that they were in the study
-- before, `named` that the one who named them may be mentioned to them.
CREATE TABLE referrals (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    referrer TEXT NOT NULL REFERENCES respondents (id),
    colleague TEXT REFERENCES respondents (id),
    known BOOLEAN NOT NULL,
    named BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX referrals_new ON referrals (colleague) WHERE known = FALSE;
CREATE INDEX referrals_colleague ON referrals (colleague);
CREATE INDEX referrals_referrer ON referrals (referrer, id);
CREATE INDEX referrals_study ON referrals (study, id);
