-- How many of the attempts at a letter the mail server is known to have turned down. While it is fewer than all of them
-- the letter may have arrived.
ALTER TABLE letters ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
