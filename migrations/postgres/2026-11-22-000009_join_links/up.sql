-- The join link of one interview, where it has its own; without it the interviewer's or the study's is told.
ALTER TABLE interviews ADD COLUMN join_link TEXT;
