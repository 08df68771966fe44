#!/usr/bin/env python3
"""Bare points (`lng,lat` or `lng,lat,count`) as CSV for fleetwalld import.

Every point becomes a machine that reported once, at --time; a count becomes its value weight_n.
Points without coordinates are left out, and how many is said on stderr. Python 3, standard library
only.

    points.py uk_road_accidents.csv.gz > points.csv
    fleetwalld import --data DIR points.csv
    fleetwall --open DIR --heat on --heat-of machines       (with counts: --heat-of weight_n)
"""
import argparse
import csv
import gzip
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--time", default="2026-10-16T12:00:00+08:00",
                        help="instant of the reports, ISO 8601 with offset (default %(default)s)")
    parser.add_argument("file", help="CSV, plain or .gz")
    args = parser.parse_args()
    opener = gzip.open if args.file.endswith(".gz") else open
    with opener(args.file, "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"lng", "lat"} - set(rows.fieldnames or [])
        if missing:
            sys.exit(f"{args.file}: no column {', '.join(sorted(missing))}")
        weighted = "count" in rows.fieldnames
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(["machine", "time", "lon", "lat"] + ["weight_n"] * weighted)
        kept = left_out = 0
        for row in rows:
            if not row["lng"] or not row["lat"]:
                left_out += 1
                continue
            kept += 1
            weight = [row["count"]] if weighted else []
            out.writerow([f"P{kept:07d}", args.time, row["lng"], row["lat"]] + weight)
    print(f"{kept} points, {left_out} without coordinates", file=sys.stderr)


if __name__ == "__main__":
    main()
