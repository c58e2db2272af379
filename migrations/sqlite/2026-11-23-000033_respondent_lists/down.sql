DROP INDEX waves_under_way;
ALTER TABLE waves DROP COLUMN ended_at;
ALTER TABLE waves DROP COLUMN selection;
DROP INDEX wave_outcomes_respondent;
DROP INDEX respondents_of_municipality;
DROP INDEX respondents_of_stratum;
