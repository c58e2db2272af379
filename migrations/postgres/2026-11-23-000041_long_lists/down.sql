DROP INDEX wave_outcomes_skipped;
DROP INDEX wave_outcomes_reason;
DROP INDEX respondents_of_stratum_and_status;
