-- Add a profile to users.
-- revision: 002
-- revises: 001
-- created: 2026-01-12T09:00:00Z
-- migrate:up

-- Constant defaults: PostgreSQL adds such columns without rewriting the table.
ALTER TABLE users
    ADD COLUMN display_name text CHECK (length(display_name) BETWEEN 1 AND 100),
    ADD COLUMN bio          text CHECK (length(bio) <= 2000),
    ADD COLUMN avatar_url   text CHECK (avatar_url ~ '^https?://'),
    ADD COLUMN phone        text CHECK (phone ~ '^\+[1-9][0-9]{1,14}$'),  -- E.164
    ADD COLUMN timezone     text NOT NULL DEFAULT 'UTC',
    ADD COLUMN preferences  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object');

-- migrate:down

ALTER TABLE users
    DROP COLUMN preferences,
    DROP COLUMN timezone,
    DROP COLUMN phone,
    DROP COLUMN avatar_url,
    DROP COLUMN bio,
    DROP COLUMN display_name;
