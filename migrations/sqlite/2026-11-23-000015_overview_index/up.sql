-- The overview counts all respondents of a study at once, by municipality, stratum and status. It reads this index from
-- end to end and never the rows themselves. What the narrower index was for, this one does too.
CREATE INDEX respondents_reach ON respondents
    (study, municipality, stratum, status, invited_at, opened_at, erased_at);
DROP INDEX respondents_municipality;
-- What waits for somebody, such as interviews that are over, is found by the status and the end of an interview.
CREATE INDEX interviews_status ON interviews (study, status, ends_at, stratum);
