-- What a restored database must not carry on with. Positions: displays may have seen more than the backup holds, so every
-- stream begins another life, and they are told to read the board. Secrets: what was used up, revoked or replaced after the
-- backup would be good again, so nothing that was handed out is: all sign in anew, displays are paired anew, open invites end.
-- Passwords stay, and so do the answers to keyed requests.
DO $$
BEGIN
    UPDATE streams SET epoch = DEFAULT;
    DELETE FROM logins;
    DELETE FROM password_resets;
    DELETE FROM pairings;
    UPDATE invites SET revoked_at = now() WHERE used_at IS NULL AND revoked_at IS NULL;
END
$$
