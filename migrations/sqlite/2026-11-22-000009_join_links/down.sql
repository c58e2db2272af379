ALTER TABLE interviews DROP COLUMN join_link;
