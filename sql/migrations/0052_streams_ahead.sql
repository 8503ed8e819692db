-- Which of these logs reach further than a server believes: what another process committed, nobody told it of. One poller
-- a server asks for the rooms it has.
-- Safe: it answers with ids it was given, and whoever can call it already is the server.

-- FORCE binds the owner too: it reads for the function.
CREATE POLICY owner_reads ON streams FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION comanda_streams_ahead(ids uuid[], seqs bigint[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id FROM unnest(ids, seqs) AS believed (id, seq) JOIN streams s ON s.id = believed.id
    WHERE s.seq > believed.seq
$$;
REVOKE ALL ON FUNCTION comanda_streams_ahead(uuid[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_streams_ahead(uuid[], bigint[]) TO comanda_app;
