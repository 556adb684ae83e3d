"""Run in scikit-learn's own environment: cluster the points of a folder, save their labels.

usage: sklearn_dbscan.py FOLDER DISTANCE FEWEST
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN

folder, distance, fewest = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
points = np.load(folder / "points.npy")
DBSCAN(eps=distance, min_samples=fewest).fit(points[:1000])
began, processor = time.perf_counter(), time.process_time()
found = DBSCAN(eps=distance, min_samples=fewest).fit(points)
told = {
    "seconds": time.perf_counter() - began,
    "processor_seconds": time.process_time() - processor,
}
np.save(folder / "labels.npy", found.labels_.astype(np.int64))
print(json.dumps(told))
