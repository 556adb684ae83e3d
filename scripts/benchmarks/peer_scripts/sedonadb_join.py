"""Run in sedonadb's own environment: join the points of a folder with its polygons, save the pairs.

usage: sedonadb_join.py FOLDER THREADS RUNS
"""

import json
import os
import sys
import time
from pathlib import Path

folder, threads = Path(sys.argv[1]), int(sys.argv[2])
# Before the library counts the cores it may use.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

import geopandas  # noqa: E402
import numpy as np  # noqa: E402
import sedonadb  # noqa: E402
import shapely  # noqa: E402

JOIN = (
    "SELECT p.point, a.area FROM points AS p JOIN areas AS a ON ST_Within(p.geometry, a.geometry)"
)

xy = np.load(folder / "xy.npy")
shapes = shapely.from_wkb(np.load(folder / "shapes.npy", allow_pickle=True))
points = geopandas.GeoDataFrame(
    {"point": np.arange(len(xy))}, geometry=shapely.points(xy), crs=4326
)
areas = geopandas.GeoDataFrame({"area": np.arange(len(shapes))}, geometry=shapes, crs=4326)
session = sedonadb.connect()
session.create_data_frame(points).to_view("points")
session.create_data_frame(areas).to_view("areas")
runs, processor = [], []
for _ in range(int(sys.argv[3])):
    began, began_processor = time.perf_counter(), time.process_time()
    found = session.sql(JOIN).to_pandas()
    runs.append(time.perf_counter() - began)
    processor.append(time.process_time() - began_processor)
np.save(folder / "pairs.npy", found[["point", "area"]].to_numpy().T)
print(json.dumps({"seconds": runs, "processor_seconds": processor}))
