-- Incidents went, or changed, without an event: columns are built anew.
INSERT INTO incidents_columnsepoch (id, number) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET number = incidents_columnsepoch.number + 1
