-- As whoever writes a document: declarations do not change before the end of the transaction.
LOCK TABLE documents IN ROW EXCLUSIVE MODE
