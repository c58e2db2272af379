-- Contact lists that a researcher is preparing: the text as it was read, sealed, until it is imported or has had its
-- time. Nobody in it is a respondent yet.
CREATE TABLE import_drafts (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    layout TEXT NOT NULL,
    sealed BLOB,
    next_number INTEGER NOT NULL,
    code_width INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX import_drafts_owner ON import_drafts (study, user_id, id);
CREATE INDEX import_drafts_state ON import_drafts (state, id);
CREATE INDEX import_drafts_expires ON import_drafts (expires_at);

-- What becomes of each row. People are added in the order of `lot`, which is random, so that a code does not tell the
-- place in the list. Who is added is taken out of the row at once; the reasons tell no values.
CREATE TABLE import_rows (
    draft TEXT NOT NULL REFERENCES import_drafts (id),
    place INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    lot BIGINT NOT NULL,
    sealed BLOB,
    reasons TEXT NOT NULL,
    PRIMARY KEY (draft, place)
);
CREATE INDEX import_rows_verdict ON import_rows (draft, verdict, place);
CREATE INDEX import_rows_lot ON import_rows (draft, verdict, lot);
