DROP INDEX respondents_of_stratum;
DROP INDEX respondents_of_municipality;
DROP INDEX wave_outcomes_respondent;
