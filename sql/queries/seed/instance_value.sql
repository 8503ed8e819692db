SELECT value FROM instance WHERE key = $1
