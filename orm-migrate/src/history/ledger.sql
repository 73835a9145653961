CREATE TABLE IF NOT EXISTS {ledger} (
    name text PRIMARY KEY,
    -- SHA-256 of up.sql; while the migration is applied in part, of the statements that are done.
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration interval NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    tool_version text NOT NULL,
    kind text NOT NULL,
    statements integer NOT NULL,
    statements_done integer NOT NULL,
    -- The statement outside of transactions that was begun and is not known to have ended, as JSON.
    started text
);
COMMENT ON TABLE {ledger} IS 'The migrations that orm-migrate has applied to this database';
