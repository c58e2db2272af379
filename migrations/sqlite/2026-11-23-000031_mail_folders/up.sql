-- How far a folder of a mail server was read (RFC 3501 2.3.1.1), which server reads it now, and how that goes.
CREATE TABLE mail_folders (
    name TEXT NOT NULL PRIMARY KEY,
    uid_validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    claimed_until BIGINT,
    fence INTEGER NOT NULL,
    read_at BIGINT,
    failing_since BIGINT,
    failure TEXT
);
