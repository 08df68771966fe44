#!/usr/bin/env python3
"""Last known state of a fleet at given instants, worked out from CSV files alone.

An independent second opinion on `fleetwalld import` + `fleetwalld state`: it shares no code with
them and follows the words of the contract and of fleet/README.md as plainly as it can. It keeps
every row in memory and takes its time. Fields: position, heading_deg, speed_kmh; receive time =
device time. Python 3, standard library only.

    reference_state.py --map machine=vehicle_id --map time=timestamp --map lon=longitude \\
        --map lat=latitude --map speed_kmh=speed*3.6 --at 2016-11-25T18:00:00Z FILE.csv.gz ...
"""
import argparse
import bisect
import csv
import gzip
import math
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

GRID = 1 << 28
EARTH_RADIUS_M = 6371008.8
HOUR_MS = 3_600_000
ANCIENT_MS = 946_684_800_000
RANGES = {"heading_deg": (0.0, 360.0), "speed_kmh": (0.0, 1500.0)}


def parse_time_ms(text, zone=None):
    """ISO 8601 with offset, or in `zone` without one. Digits beyond milliseconds are cut."""
    text = text.strip().replace("Z", "+00:00")
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        if zone is None:
            raise ValueError("no offset")
        when = when.replace(tzinfo=zone)
    delta = when - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (delta.days * 86400 + delta.seconds) * 1000 + delta.microseconds // 1000


def iso_ms(ms):
    when = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (ms % 1000)


def half_away(x):
    """Nearest whole number, halves away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def grid_of(lon, lat):
    y = 0.5 - math.asinh(math.tan(math.radians(max(-85.051128779806592,
                                                   min(85.051128779806592, lat))))) / (2 * math.pi)
    return half_away((lon + 180) / 360 * GRID) % GRID, min(GRID - 1, half_away(y * GRID))


def lonlat_of(point):
    x, y = point
    return x / GRID * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / GRID))))


def distance_m(a, b):
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = (math.sin((lat2 - lat1) / 2) ** 2 +
         math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2)
    return 2 * EARTH_RADIUS_M * math.asin(min(1, math.sqrt(h)))


def canonical(field, raw):
    """Text that decides a conflict."""
    if field == "position":
        return "%.6f %.6f" % lonlat_of(raw)
    if raw % 10 == 0:
        return str(raw // 10)
    return ("-" if raw < 0 else "") + "%d.%d" % (abs(raw) // 10, abs(raw) % 10)


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def read_rows(path, columns, zone):
    """Yields (machine, time ms, {field: (raw, value)}) of every row that is a report."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            machine = (row[columns["machine"][0]] or "").strip()
            try:
                ms = parse_time_ms(row[columns["time"][0]], zone)
            except (ValueError, TypeError):
                continue
            if not machine or ms < ANCIENT_MS:
                continue
            yield machine, ms, values_of(row, columns)


def values_of(row, columns):
    values = {}
    lon, lat = (number(row[columns[c][0]]) for c in ("lon", "lat"))
    if lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90:
        if not (abs(lon) < 0.001 and abs(lat) < 0.001):
            values["position"] = (grid_of(lon, lat), (lon, lat))
    for field, (low, high) in RANGES.items():
        if field not in columns:
            continue
        name, factor = columns[field]
        value = number(row[name])
        if value is None or not low <= value * factor <= high:
            continue
        raw = half_away(value * factor * 10)
        if field == "heading_deg":
            raw %= 3600
        values[field] = (raw, raw / 10)
    return values


def join(held, values):
    """Rows of one machine and time: field by field, the smaller canonical text wins."""
    for field, value in values.items():
        if field not in held:
            held[field] = value
        elif held[field][0] != value[0]:
            a, b = canonical(field, value[0]), canonical(field, held[field][0])
            if a < b or (a == b and value[0] < held[field][0]):
                held[field] = value


class Machine:
    """Runs through the reports of one machine in order and keeps what was known after each."""

    def __init__(self, max_speed_kmh):
        self.max_speed_kmh = max_speed_kmh
        self.times, self.states = [], []
        self.fix = None          # (ms, raw, (lon, lat))
        self.run = None          # (ms, raw, count) of fixes that contradict it
        self.values = {}
        self.intervals, self.last, self.period_ms = [], None, 0

    def reachable(self, a, b):
        allowed_m = self.max_speed_kmh / 3600 * abs(a[0] - b[0])
        return distance_m(lonlat_of(a[1]), lonlat_of(b[1])) <= allowed_m

    def believes(self, ms, raw):
        if self.fix is None or self.reachable(self.fix, (ms, raw)):
            self.run = None
            return True
        agrees = self.run is not None and self.reachable(self.run, (ms, raw))
        self.run = (ms, raw, self.run[2] + 1 if agrees else 1)
        if self.run[2] < 3:
            return False
        self.run = None
        return True

    def learn(self, ms):
        if self.last is None:
            self.last = ms
        elif ms - self.last >= 500:
            self.intervals.append(min(max(ms - self.last, 1000), 86_400_000))
            self.last = ms
        recent = sorted(self.intervals[-5:])
        period = recent[len(recent) // 2] if len(recent) >= 4 else 0
        close = (period > 0 and self.period_ms > 0 and
                 abs(period - self.period_ms) <= self.period_ms // 8)
        if not close:
            self.period_ms = period

    def take(self, ms, values):
        self.learn(ms)
        if "position" in values and self.believes(ms, values["position"][0]):
            self.fix = (ms, *values["position"])
        for field in RANGES:
            if field in values:
                self.values[field] = values[field]
        self.times.append(ms)
        self.states.append((self.fix, dict(self.values), self.period_ms))

    def at(self, ms):
        """{time, lon, lat, ...} as of an instant; None if it was not heard of by then."""
        n = bisect.bisect_right(self.times, ms) - 1
        if n < 0:
            return None
        fix, values, period_ms = self.states[n]
        speed = values.get("speed_kmh", (None, None))[0]
        if ms > self.times[n] + 3 * (period_ms or HOUR_MS):
            status = "silent"
        else:
            status = "working" if speed is not None and speed >= 10 else "stopped"
        return {"time": iso_ms(fix[0]) if fix else "",
                "lon": fix[2][0] if fix else None, "lat": fix[2][1] if fix else None,
                "speed_kmh": values.get("speed_kmh", (None, None))[1],
                "heading_deg": values.get("heading_deg", (None, None))[1], "status": status}


def load_fleet(paths, columns, zone=None, max_speed_kmh=200.0):
    reports = {}
    for path in paths:
        for machine, ms, values in read_rows(path, columns, zone):
            join(reports.setdefault(machine, {}).setdefault(ms, {}), values)
    fleet = {}
    for machine, by_time in reports.items():
        fleet[machine] = Machine(max_speed_kmh)
        for ms in sorted(by_time):
            fleet[machine].take(ms, by_time[ms])
    return fleet


def parse_map(texts):
    columns = {}
    for text in texts:
        field, column = text.split("=", 1)
        name, star, factor = column.partition("*")
        columns[field] = (name, float(factor) if star else 1.0)
    return columns


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--map", action="append", default=[])
    parser.add_argument("--time-zone")
    parser.add_argument("--max-speed", type=float, default=200.0)
    parser.add_argument("--at", action="append", required=True)
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    zone = ZoneInfo(args.time_zone) if args.time_zone else None
    fleet = load_fleet(args.files, parse_map(args.map), zone, args.max_speed)
    out = csv.writer(sys.stdout)
    names = ["time", "lon", "lat", "status", "heading_deg", "speed_kmh"]
    out.writerow(["at", "machine", *names])
    for at in args.at:
        ms = parse_time_ms(at)
        for machine in sorted(fleet):
            state = fleet[machine].at(ms)
            if state:
                out.writerow([iso_ms(ms), machine, *(
                    "" if state[n] is None else state[n] for n in names)])


if __name__ == "__main__":
    main()
