-- Links that work once: to make the first account (no user), and to choose another password. Whoever asks for a new
-- password for an address without an account gets a row without a user, so that both cost the same work.
CREATE TABLE account_links (
    digest TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT REFERENCES users (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_links_user ON account_links (user_id);
CREATE INDEX account_links_expires ON account_links (expires_at);

-- The outbox of letters about accounts, which belong to no study. `facts` (with the address) is sealed when the letter
-- is queued, `message` when it is first claimed; both are deleted when it is not queued any more.
CREATE TABLE account_letters (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    facts BYTEA,
    message BYTEA,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    pointless_at BIGINT NOT NULL,
    claimed_until BIGINT,
    fence INTEGER NOT NULL
);
CREATE INDEX account_letters_due ON account_letters (due_at, id) WHERE state = 'queued';
CREATE INDEX account_letters_created ON account_letters (created_at);

-- Who was invited to become a member of a study and has no account yet. The address is sealed; its keyed digest keeps
-- it from standing there twice.
CREATE TABLE member_invitations (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    email_digest TEXT NOT NULL,
    email_sealed BYTEA NOT NULL,
    role TEXT NOT NULL,
    invited_by TEXT NOT NULL REFERENCES users (id),
    link_digest TEXT NOT NULL,
    letter TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX member_invitations_email ON member_invitations (study, email_digest);
CREATE UNIQUE INDEX member_invitations_link ON member_invitations (link_digest);
CREATE INDEX member_invitations_expires ON member_invitations (expires_at);
