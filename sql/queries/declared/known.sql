SELECT substr(key, 8) AS name, value AS declared FROM instance WHERE key LIKE 'entity:%'
