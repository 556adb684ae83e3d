-- PROJ reads the definition by its authority's code; the text is for people and other tools.
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
VALUES (%(srid)s, 'EPSG', %(srid)s, %(wkt)s, '')
ON CONFLICT (srid) DO NOTHING
