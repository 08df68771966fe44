#!/usr/bin/env python3
"""Taxi trips without vehicle and date (`trip,vendor,t_s,lng,lat`) as CSV for fleetwalld import.

A trip becomes a machine of its own (the data does not say which trips one taxi made), its class
the vendor; seconds count from --start. Speed is left out: the set has none, and one worked out
from rounded positions would look measured. Python 3, standard library only.

    nyc_taxi_trips.py nyc_taxi_trips_30min.csv.gz > trips.csv
    fleetwalld import --data DIR trips.csv
"""
import argparse
import csv
import gzip
import sys
from datetime import datetime, timedelta, timezone


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--start", default="2026-10-16T00:00:00+08:00",
                        help="instant of second 0, ISO 8601 with offset (default %(default)s)")
    parser.add_argument("file", help="CSV, plain or .gz")
    args = parser.parse_args()
    start = datetime.fromisoformat(args.start.replace("Z", "+00:00"))
    if start.tzinfo is None:
        parser.error("--start needs an offset, such as +08:00 or Z")
    opener = gzip.open if args.file.endswith(".gz") else open
    with opener(args.file, "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"trip", "vendor", "t_s", "lng", "lat"} - set(rows.fieldnames or [])
        if missing:
            sys.exit("%s: no column %s" % (args.file, ", ".join(sorted(missing))))
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(["machine", "time", "lon", "lat", "class"])
        for row in rows:
            at = (start + timedelta(seconds=float(row["t_s"]))).astimezone(timezone.utc)
            out.writerow(["trip-%04d" % int(row["trip"]),
                          at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000),
                          row["lng"], row["lat"], "taxi vendor " + row["vendor"]])


if __name__ == "__main__":
    main()
