DROP TABLE wave_outcomes;
DROP TABLE waves;
DROP TABLE do_not_contact;
DROP TABLE respondent_history;
DROP TABLE contacts;
DROP TABLE respondents;
