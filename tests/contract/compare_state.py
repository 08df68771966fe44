#!/usr/bin/env python3
"""Imports real tracks with fleetwalld and compares `state` with reference_state.py.

At 20 instants (fixed seed) of each set every machine's time, position, speed, heading and status
must agree; the same rows shuffled, doubled and cut into three files must give the same day files.
Exit code 0 all agree, 1 they do not, 77 the test data is absent (FLEETWALL_SHARED).
"""
import argparse
import csv
import filecmp
import gzip
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))
import reference_state as reference  # noqa: E402

INSTANTS = 20
HOUR = reference.HOUR_MS
SETS = [
    {"name": "Austin buses, three days",
     "files": ["austin_bus_2016-11-24.csv.gz", "austin_bus_2016-11-25.csv.gz",
               "austin_bus_2016-11-26.csv.gz"],
     "map": ["machine=vehicle_id", "time=timestamp", "lon=longitude", "lat=latitude",
             "speed_kmh=speed*3.6"],
     "options": ["--day-zone", "America/Chicago"]},
    {"name": "harvesters A", "files": ["harvesters_cn_2021-06.csv.gz"],
     "map": ["machine=device_id", "time=time_local", "speed_kmh=speed", "heading_deg=course_deg",
             "lon=lon", "lat=lat"],
     "options": ["--time-zone", "Asia/Shanghai"], "time_zone": "Asia/Shanghai"},
]


def run(args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s: exit code %d\n%s" % (" ".join(map(str, args)), done.returncode, done.stderr))
    return done.stdout


def import_files(fleetwalld, data, case, files):
    maps = [part for m in case["map"] for part in ("--map", m)]
    return run([fleetwalld, "import", "--data", data, *maps, *case["options"], *files])


def differs(state, row):
    """What of a row of `state` is not what the reference says; None if all is."""
    for name in ("time", "status"):
        if state[name] != row[name]:
            return name
    if (state["lon"] is None) != (row["lon"] == ""):
        return "lon"
    if state["lon"] is not None:
        # Half a grid step (in latitude it is never more), and half of the last digit written.
        limit = 360 / reference.GRID / 2 + 5.1e-8
        for name in ("lon", "lat"):
            if abs(state[name] - float(row[name])) > limit:
                return name
    for name in ("speed_kmh", "heading_deg"):
        got = float(row[name]) if row[name] else None
        if (state[name] is None) != (got is None) or (got is not None and
                                                      abs(got - state[name]) > 1e-9):
            return name
    return None


def compare(fleetwalld, data, fleet, instants):
    wrong = compared = 0
    for ms in instants:
        text = run([fleetwalld, "state", "--data", data, "--at", reference.iso_ms(ms)])
        rows = {row["machine"]: row for row in csv.DictReader(io.StringIO(text))}
        expected = {m: s for m in fleet if (s := fleet[m].at(ms))}
        if list(rows) != sorted(rows):
            sys.exit("state is not sorted by machine")
        for machine in sorted(set(rows) | set(expected)):
            compared += 1
            why = ("machine" if machine not in rows or machine not in expected
                   else differs(expected[machine], rows[machine]))
            if why:
                wrong += 1
                if wrong <= 10:
                    print("  differs in %s at %s: %s\n    expected %s\n    got      %s" %
                          (why, reference.iso_ms(ms), machine, expected.get(machine),
                           rows.get(machine)))
    print("  %d states compared, %d differ" % (compared, wrong))
    return wrong == 0


def make_variants(paths, folder, rng):
    """Files with the same rows: shuffled; everything twice; cut into three, dealt in turn."""
    header, lines = None, []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            header = file.readline()
            lines += [line if line.endswith("\n") else line + "\n" for line in file]

    def write(name, rows):
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            file.write(header)
            file.writelines(rows)
        return folder / name

    shuffled = lines[:]
    rng.shuffle(shuffled)
    twice = lines + lines
    rng.shuffle(twice)
    yield "shuffled", [write("shuffled.csv", shuffled)]
    yield "doubled", [write("doubled.csv", twice)]
    yield "split", [write("split%d.csv" % i, lines[i::3]) for i in (2, 0, 1)]


def make_late(paths, case, folder, rng, zone):
    """The same rows with a column `got`: most in time, some an hour late, some two days."""
    column = dict(m.split("=", 1) for m in case["map"])["time"].split("*")[0]
    out = folder / "late.csv"
    with open(out, "w", encoding="utf-8", newline="") as to:
        writer = None
        for path in paths:
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    if writer is None:
                        writer = csv.DictWriter(to, [*row, "got"])
                        writer.writeheader()
                    try:
                        ms = reference.parse_time_ms(row[column], zone)
                    except (ValueError, TypeError):
                        continue
                    kind = rng.random()
                    lag = 0 if kind < 0.6 else rng.randrange(HOUR if kind < 0.9 else 48 * HOUR)
                    writer.writerow({**row, "got": reference.iso_ms(ms + lag)})
    return out


def exported(fleetwalld, data, what, first, last):
    """Rows of `export`, without the days and stamps that depend on the order of arrival."""
    text = run([fleetwalld, "export", "--data", data, "--what", what, "--from",
                reference.iso_ms(first), "--to", reference.iso_ms(last + 1)])
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row.pop("learned", None)
    return rows


def check_late(fleetwalld, data, case, paths, folder, rng, zone, span):
    """Days to which reports came late must add up to what they do in order."""
    file = make_late(paths, case, folder, rng, zone)
    late = folder / "late"
    import_files(fleetwalld, late, {**case, "options": [*case["options"], "--receive-time", "got"]},
                 [file])
    good = True
    for what in ("hours", "alarms"):
        expected = exported(fleetwalld, data, what, *span)
        got = exported(fleetwalld, late, what, *span)
        differing = sum(a != b for a, b in zip(expected, got)) + abs(len(expected) - len(got))
        print("  days late: %d rows of %s, %d differ" % (len(expected), what, differing))
        good = good and differing == 0
    return good


def same_store(a, b):
    names = sorted(p.name for p in a.glob("*.fleetday"))
    if names != sorted(p.name for p in b.glob("*.fleetday")):
        return False
    return all(filecmp.cmp(a / n, b / n, shallow=False) for n in names)


def check(fleetwalld, shared, case, folder):
    rng = random.Random(20161124)
    paths = [shared / "data" / "tracks" / name for name in case["files"]]
    data = folder / "data"
    begin = time.monotonic()
    import_files(fleetwalld, data, case, paths)
    print("%s: imported in %.1f s" % (case["name"], time.monotonic() - begin))
    zone = ZoneInfo(case["time_zone"]) if "time_zone" in case else None
    fleet = reference.load_fleet([str(p) for p in paths], reference.parse_map(case["map"]), zone)
    first = min(m.times[0] for m in fleet.values())
    last = max(m.times[-1] for m in fleet.values())
    instants = [rng.randrange(first, last + 2 * reference.HOUR_MS) for _ in range(INSTANTS)]
    good = compare(fleetwalld, data, fleet, instants)

    def hashes(where):
        return [run([fleetwalld, "state", "--data", where, "--hash", "--at", reference.iso_ms(t)])
                for t in instants[:3]]

    expected = hashes(data)
    for name, files in make_variants(paths, folder, rng):
        other = folder / name
        import_files(fleetwalld, other, case, files)
        if hashes(other) != expected:
            print("  %s: another state hash" % name)
            good = False
        elif not same_store(data, other):
            print("  %s: same hash, other bytes in the store" % name)
            good = False
        else:
            print("  %s: same hash, same store" % name)
    good = check_late(fleetwalld, data, case, paths, folder, rng, zone, (first, last)) and good
    import_files(fleetwalld, data, case, paths)
    print("  imported again: %s" % ("same hash" if hashes(data) == expected else "another hash"))
    run([fleetwalld, "verify", "--data", data])
    return good and hashes(data) == expected


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--shared", default=os.environ.get("FLEETWALL_SHARED"))
    args = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    shared = Path(args.shared) if args.shared else root / ".." / "shared"
    if not (shared / "data" / "tracks").is_dir():
        print("skipped: no test data in %s; set FLEETWALL_SHARED" % shared)
        return 77
    good = True
    for case in SETS:
        with tempfile.TemporaryDirectory() as folder:
            good = check(args.fleetwalld, shared, case, Path(folder)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
