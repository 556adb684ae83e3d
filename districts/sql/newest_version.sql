-- types:
SELECT coalesce(max(id), 0) FROM districts_cataloguechange
