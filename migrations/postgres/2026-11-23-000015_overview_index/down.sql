DROP INDEX interviews_status;
CREATE INDEX respondents_municipality ON respondents (study, municipality);
DROP INDEX respondents_reach;
