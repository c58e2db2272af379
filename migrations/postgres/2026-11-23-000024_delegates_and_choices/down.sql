DROP INDEX respondents_interviewer;
ALTER TABLE respondents DROP COLUMN interviewer;
ALTER TABLE interviews DROP COLUMN delegate_sealed;
