-- What keeps a layer's spatial index true when other programs change the layer: the extension
-- gpkg_rtree_index of OGC 12-128r18, annex F.3, whose names and conditions are given there.
CREATE TRIGGER {insert} AFTER INSERT ON {table}
WHEN NEW.{shape} NOT NULL AND NOT ST_IsEmpty(NEW.{shape})
BEGIN
    INSERT OR REPLACE INTO {index} VALUES (
        NEW.{key},
        ST_MinX(NEW.{shape}), ST_MaxX(NEW.{shape}), ST_MinY(NEW.{shape}), ST_MaxY(NEW.{shape})
    );
END;

CREATE TRIGGER {update2} AFTER UPDATE OF {shape} ON {table}
WHEN OLD.{key} = NEW.{key} AND (NEW.{shape} IS NULL OR ST_IsEmpty(NEW.{shape}))
BEGIN
    DELETE FROM {index} WHERE id = OLD.{key};
END;

CREATE TRIGGER {update4} AFTER UPDATE ON {table}
WHEN OLD.{key} != NEW.{key} AND (NEW.{shape} IS NULL OR ST_IsEmpty(NEW.{shape}))
BEGIN
    DELETE FROM {index} WHERE id IN (OLD.{key}, NEW.{key});
END;

CREATE TRIGGER {update5} AFTER UPDATE ON {table}
WHEN OLD.{key} != NEW.{key} AND NEW.{shape} NOT NULL AND NOT ST_IsEmpty(NEW.{shape})
BEGIN
    DELETE FROM {index} WHERE id = OLD.{key};
    INSERT OR REPLACE INTO {index} VALUES (
        NEW.{key},
        ST_MinX(NEW.{shape}), ST_MaxX(NEW.{shape}), ST_MinY(NEW.{shape}), ST_MaxY(NEW.{shape})
    );
END;

CREATE TRIGGER {update6} AFTER UPDATE OF {shape} ON {table}
WHEN
    OLD.{key} = NEW.{key}
    AND NEW.{shape} NOT NULL AND NOT ST_IsEmpty(NEW.{shape})
    AND OLD.{shape} NOT NULL AND NOT ST_IsEmpty(OLD.{shape})
BEGIN
    UPDATE {index} SET
        minx = ST_MinX(NEW.{shape}), maxx = ST_MaxX(NEW.{shape}),
        miny = ST_MinY(NEW.{shape}), maxy = ST_MaxY(NEW.{shape})
    WHERE id = NEW.{key};
END;

CREATE TRIGGER {update7} AFTER UPDATE OF {shape} ON {table}
WHEN
    OLD.{key} = NEW.{key}
    AND NEW.{shape} NOT NULL AND NOT ST_IsEmpty(NEW.{shape})
    AND (OLD.{shape} IS NULL OR ST_IsEmpty(OLD.{shape}))
BEGIN
    INSERT INTO {index} VALUES (
        NEW.{key},
        ST_MinX(NEW.{shape}), ST_MaxX(NEW.{shape}), ST_MinY(NEW.{shape}), ST_MaxY(NEW.{shape})
    );
END;

CREATE TRIGGER {delete} AFTER DELETE ON {table}
WHEN OLD.{shape} NOT NULL
BEGIN
    DELETE FROM {index} WHERE id = OLD.{key};
END;
