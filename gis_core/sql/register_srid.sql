INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
VALUES (%(srid)s, 'EPSG', %(srid)s, %(wkt)s, %(proj4)s)
ON CONFLICT (srid) DO NOTHING
