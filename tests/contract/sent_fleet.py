"""Machines that drive straight on and report each second; what a viewer should hence hold."""
import math
import time
from datetime import datetime, timezone

from feed_reader import EXTRA_STEP, FIELDS, GRID, STEPS, require

MACHINES = 50
EXTRA = "boom_angle_deg"


def fix_at(machine, number):
    """Where a machine is after `number` seconds, straight on: degrees, heading, km/h."""
    heading, speed = machine * 7.3 % 360, machine * 2.5
    metres = speed / 3.6 * number
    lat = 31.0 + machine * 0.05 + metres * math.cos(math.radians(heading)) / 111_195
    east = metres * math.sin(math.radians(heading)) / 111_195
    lon = 120.0 + machine * 0.07 + east / math.cos(math.radians(lat))
    return lon, lat, heading, speed


class Fleet:
    """What is sent, and what a viewer should hence hold: id -> field -> (value, device time)."""

    def __init__(self):
        self.begin_ms = int(time.time() * 1000) - 300_000
        self.round = 0
        self.expected = {}

    def time_ms(self, machine):
        return self.begin_ms + self.round * 1000 + machine * 13 % 1000

    def line(self, machine):
        name, at = "M%02d-\u6316" % machine, self.time_ms(machine)
        lon, lat, heading, speed = fix_at(machine, self.round)
        values = {"lon": lon, "lat": lat, "heading_deg": heading, "speed_kmh": speed}
        if machine % 3:
            values.update(engine_on=True, working=self.round % 20 < 10, gear=machine % 9 - 1,
                          rpm=800 + machine + self.round % 7, load_pct=self.round % 100 + 0.5)
        if (machine + self.round) % 4 == 0:
            values.update(engine_hours=1000 + machine + self.round / 3600,
                          coolant_c=-12.3 + machine, battery_v=24.37,
                          fuel_used_l=5000.3 + self.round / 10)
        if machine % 5 == 0:
            values[EXTRA] = -1.234 - self.round * 0.001
        held = self.expected.setdefault(name, {})
        held.update({field: (value, at) for field, value in values.items()})
        iso = datetime.fromtimestamp(at / 1000, timezone.utc).isoformat(timespec="milliseconds")
        return {"machine": name, "time": iso if machine % 2 else at, **values}

    def next_round(self):
        self.round += 1
        return [self.line(machine) for machine in range(MACHINES)]


def check_values(reader, fleet):
    """Every value held is the one sent last, to half a step."""
    state = reader.plain()[0]
    require(set(state) == set(fleet.expected), "machines: %s" % sorted(state))
    for name, held in fleet.expected.items():
        fields = dict(state[name][4])
        x, y = fields[0][0] % GRID, fields[0][0] // GRID
        latitude = math.radians(held["lat"][0])
        sent = {"lon": (held["lon"][0] + 180) / 360 * GRID,
                "lat": (0.5 - math.asinh(math.tan(latitude)) / (2 * math.pi)) * GRID}
        for axis, got in (("lon", x), ("lat", y)):
            require(abs(got - sent[axis]) <= 0.5 + 1e-5 and fields[0][1] == held[axis][1],
                    "%s %s: grid %s, sent %s" % (name, axis, got, sent[axis]))
        fields.pop(0)
        for field, (value, at) in held.items():
            if field in ("lon", "lat"):
                continue
            number = FIELDS.get(field, 17 + reader.extra_fields.index(EXTRA))
            raw, device, _ = fields.pop(number)
            off = abs(raw - float(value) / STEPS.get(field, EXTRA_STEP))
            if field == "heading_deg":
                off = min(off, 3600 - off)
            require(off <= 0.5 + 1e-6 and device == at,
                    "%s %s: raw %d at %d, sent %s at %d" % (name, field, raw, device, value, at))
        require(not fields, "%s has fields never sent: %s" % (name, fields))
