-- The list of respondents is read page by page in the order of their ids, under any filter: each has an index that is in
-- this order already, so that a page of a large study costs what one of a small study does.
CREATE INDEX respondents_of_stratum ON respondents (study, stratum, id) WHERE erased_at IS NULL;
CREATE INDEX respondents_of_municipality ON respondents (study, municipality, id) WHERE erased_at IS NULL;
CREATE INDEX wave_outcomes_respondent ON wave_outcomes (wave, respondent);

-- Whom a wave is meant for is kept, so that one that outlasts its request is gone on with by itself. A wave from before
-- has no selection and is left alone.
ALTER TABLE waves ADD COLUMN selection TEXT;
ALTER TABLE waves ADD COLUMN ended_at BIGINT;
CREATE INDEX waves_under_way ON waves (id) WHERE ended_at IS NULL AND selection IS NOT NULL;
