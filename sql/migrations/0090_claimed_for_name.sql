-- A donor opens the door to a person, not to a UUID: the NGO's name stands beside the claim, as the donor's does beside the
-- donation. As it was called then: a board does not see NGOs.
ALTER TABLE donations ADD COLUMN claimed_for_name text;

-- Those that are claimed already. Row-level security binds the owner too, who may only read here.
ALTER TABLE donations NO FORCE ROW LEVEL SECURITY;
UPDATE donations d SET claimed_for_name = r.name FROM restaurants r WHERE r.id = d.claimed_for;
ALTER TABLE donations FORCE ROW LEVEL SECURITY;

ALTER TABLE donations ADD CONSTRAINT donations_name_whose_they_are
    CHECK (claimed_for_name IS NULL OR claimed_for IS NOT NULL);
