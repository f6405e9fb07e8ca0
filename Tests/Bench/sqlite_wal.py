"""The peer of `make bench-store`: telemetry into SQLite by Python's own module, which is the C library, as most
programs of this kind keep it: a table of time, series and value, write-ahead mode, synchronous=NORMAL, a thousand
rows in a transaction. Prints rows a second. Argument: the file to write."""

import os
import sqlite3
import sys
import time

BATCH, ROWS = 1000, 400_000
path = sys.argv[1]
for end in ("", "-wal", "-shm"):
    if os.path.exists(path + end):
        os.unlink(path + end)
file = sqlite3.connect(path, isolation_level=None)
file.execute("PRAGMA journal_mode=wal")
file.execute("PRAGMA synchronous=normal")
file.execute("CREATE TABLE s (ts INTEGER, series INTEGER, value REAL)")
rows = [(i, i % 64, i * 0.5) for i in range(BATCH)]
start = time.perf_counter()
for _ in range(ROWS // BATCH):
    file.execute("BEGIN")
    file.executemany("INSERT INTO s VALUES (?, ?, ?)", rows)
    file.execute("COMMIT")
print(ROWS / (time.perf_counter() - start))
