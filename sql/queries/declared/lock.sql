-- One start after another; and no lane is at work meanwhile, which holds its stream before it writes documents.
LOCK TABLE streams, documents IN EXCLUSIVE MODE
