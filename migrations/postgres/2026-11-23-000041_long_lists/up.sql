-- A stratum and a status together, in the order of the list: without this all of a large stratum is walked for the few of
-- it that have a rare status.
CREATE INDEX respondents_of_stratum_and_status ON respondents (study, stratum, status, id) WHERE erased_at IS NULL;

-- How many came to what in a wave, and its parts, without reading all that became of everybody.
CREATE INDEX wave_outcomes_reason ON wave_outcomes (wave, skipped, id);
CREATE INDEX wave_outcomes_skipped ON wave_outcomes (wave, id) WHERE skipped IS NOT NULL;
