-- Who made the appointment for the respondent and gets the invite as well: a name and an address, sealed. They are
-- deleted with the appointment.
ALTER TABLE interviews ADD COLUMN delegate_sealed BLOB;
-- Who is to interview a respondent; where nobody is chosen, whoever of the study has the fewest interviews that week.
ALTER TABLE respondents ADD COLUMN interviewer TEXT REFERENCES users (id);
CREATE INDEX respondents_interviewer ON respondents (study, interviewer) WHERE interviewer IS NOT NULL;
