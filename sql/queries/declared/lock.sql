-- One start after another, and no documents are written meanwhile.
LOCK TABLE documents IN SHARE ROW EXCLUSIVE MODE
