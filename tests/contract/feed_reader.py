"""A reader of the feed, written from net/README.md and feed.proto alone.

`Reader` takes server messages in order and holds the state they lead to. Whatever does not fit the
documents raises Refused. Needs python3-protobuf, python3-zstandard; python3-xxhash for checks and
hashes (without it `xxhash` is None and they are left out).
"""
import copy
import struct

import zstandard

try:
    import xxhash
except ImportError:
    xxhash = None

NEVER = -2**61
GRID = 2**28
CHUNK = 65536
MAX_BODY = 268_435_456
STEPS = {"position": 1, "heading_deg": 0.1, "speed_kmh": 0.1, "engine_on": 1, "working": 1,
         "gear": 1, "rpm": 1, "load_pct": 0.1, "fuel_level_pct": 0.1, "fuel_used_l": 0.1,
         "engine_hours": 0.01, "idle_hours": 0.01, "oil_pressure_kpa": 1, "coolant_c": 0.1,
         "hydraulic_c": 0.1, "battery_v": 0.01, "def_level_pct": 0.1}
FIELDS = {name: number for number, name in enumerate(STEPS)}
EXTRA_STEP = 0.001


class Refused(Exception):
    """What came is not what the documents say."""


def require(condition, text):
    if not condition:
        raise Refused(text)


def xxh64(data):
    return xxhash.xxh64(data, seed=0).intdigest()


def wrap(value):
    return (value + 2**63) % 2**64 - 2**63


def expand(column, count):
    if column.dense:
        require(len(column.dense) == count, "column: %d for %d" % (len(column.dense), count))
        return [wrap(column.base + v) for v in column.dense]
    require(len(column.gaps) == len(column.values), "column: gaps and values differ in length")
    out, at = [column.base] * count, 0
    for gap, value in zip(column.gaps, column.values):
        at += gap
        require(at < count, "column: entry %d of %d" % (at, count))
        out[at] = wrap(column.base + value)
        at += 1
    return out


def running_sum(steps):
    out, total = [], 0
    for step in steps:
        total = wrap(total + step)
        out.append(total)
    return out


def masks(shapes, indices, count):
    if count and not indices:
        require(len(shapes) == 1, "%d shapes without an index" % len(shapes))
        return [shapes[0]] * count
    require(len(indices) == count, "%d shape indices for %d rows" % (len(indices), count))
    return [shapes[i] for i in indices]


def expected_move(speed, heading, elapsed_ms, y):
    if not 500 <= elapsed_ms < 10_500 or not 0 < speed <= 5000:
        return 0, 0
    z = abs(y - 2**27) * 205887 >> 27
    square = z * z >> 16
    stretch = 65536 + square // 56
    for divisor in (30, 12, 2):
        stretch = 65536 + (square * stretch >> 16) // divisor
    length = speed * ((elapsed_ms + 500) // 1000) * 12194 * stretch >> 16

    def times_sine(angle):
        half = angle % 1800
        product = half * (1800 - half)
        steps = (length * 4 * product // (4_050_000 - product) + 32768) >> 16
        return -steps if angle % 3600 >= 1800 else steps
    return times_sine(heading), -times_sine(heading + 900)


class Machine:
    def __init__(self):
        self.head_device = self.head_receive = NEVER
        self.period_ms = 0
        self.figures = None  # day, engine_s, idle_s, fuel_dl, ms of first start or None
        self.fields = {}  # number: (raw, device time, receive time)


class Reader:
    def __init__(self, pb):
        self.pb = pb
        self.machines, self.ids, self.alarms, self.extra_fields = {}, {}, {}, []
        self.activity_day, self.activity = 0, [-1] * 288  # machines at work, one number per 5 min
        self.roster_version, self.position = 0, None
        self.kinds = []  # of the frames taken, in order
        self.parts = []

    def copy(self):
        twin = Reader(self.pb)
        for name in ("machines", "ids", "alarms", "extra_fields", "roster_version", "position",
                     "activity_day", "activity"):
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        return twin

    def plain(self):
        """Everything held, as plain values to compare."""
        return {self.ids[slot]: (m.head_device, m.head_receive, m.period_ms, m.figures, m.fields)
                for slot, m in self.machines.items() if m.head_receive != NEVER}, \
            {i: a.SerializeToString(deterministic=True) for i, a in self.alarms.items()}

    def take_chunk(self, chunk):
        """True when a frame was complete, and applied."""
        require(chunk.index == len(self.parts), "chunk %d of %d out of turn"
                % (chunk.index, chunk.count))
        require(chunk.count == -(-chunk.frame_bytes // CHUNK), "count of chunks")
        last = chunk.index == chunk.count - 1
        require(last or len(chunk.data) == CHUNK, "a chunk of %d bytes" % len(chunk.data))
        self.parts.append(chunk.data)
        if not last:
            return False
        data, self.parts = b"".join(self.parts), []
        require(len(data) == chunk.frame_bytes, "frame of %d bytes" % len(data))
        self.take_frame(data)
        return True

    def take_frame(self, data):
        pb = self.pb
        frame = pb.Frame.FromString(data)
        require(frame.body_size <= MAX_BODY, "body of %d bytes" % frame.body_size)
        if xxhash:
            head = struct.pack("<BQQqqI", frame.kind, frame.epoch, frame.number, frame.begin_ms,
                               frame.end_ms, frame.body_size)
            require(xxh64(head + frame.body) & 0xffffffff == frame.check, "check of the frame")
        parameters = zstandard.get_frame_parameters(frame.body)
        require(parameters.has_checksum, "body without checksum")
        require(parameters.content_size == frame.body_size, "content size of the body")
        body = zstandard.ZstdDecompressor().decompress(frame.body)
        require(len(body) == frame.body_size, "body of %d bytes" % len(body))
        position = (frame.epoch, frame.number)
        self.kinds.append(pb.Frame.Kind.Name(frame.kind))
        if frame.kind == pb.Frame.TICK:
            require(self.position == (frame.epoch, frame.number - 1),
                    "tick %s after %s" % (position, self.position))
            self.apply_tick(frame, pb.TickBody.FromString(body))
        elif frame.kind == pb.Frame.ROSTER:
            self.apply_roster(pb.RosterBody.FromString(body))
            return
        else:
            require(frame.begin_ms == frame.end_ms, "a state frame that covers time")
            self.apply_state(frame, pb.StateBody.FromString(body))
        self.position = position

    def apply_roster(self, body):
        if body.complete:
            self.ids = {}
        for record in body.machines:
            require(record.slot in self.ids or record.slot == len(self.ids), "slot not the next")
            self.ids[record.slot] = record.id
        self.extra_fields, self.roster_version = list(body.extra_fields), body.version

    def machine(self, slot):
        require(slot in self.ids, "slot %d is not in the roster" % slot)
        return self.machines.setdefault(slot, Machine())

    def apply_tick(self, frame, body):
        count = body.row_count
        require(len(body.machine_gaps) == count, "machine_gaps")
        rows = masks(body.shapes, body.row_shapes, count)
        offsets, receives = expand(body.device_offset, count), expand(body.receive, count)
        with_position = sum(mask & 1 for mask in rows)
        moves = iter(list(zip(expand(body.move_x, with_position),
                              expand(body.move_y, with_position))))
        columns = {}
        for entry in body.fields:
            having = sum(mask >> entry.field & 1 for mask in rows)
            columns[entry.field] = iter(expand(entry.column, having))
        for slot, mask, offset, receive in zip(running_sum(body.machine_gaps), rows, offsets,
                                               receives):
            machine = self.machine(slot)
            expected = frame.begin_ms
            if machine.head_device != NEVER:
                expected += (machine.head_device - frame.begin_ms) % 1000
            device = expected + offset
            receive += device if body.receive_is_lag else frame.begin_ms
            # A field of the shape without a column: an absent column is zeros.
            values = {f: next(columns[f]) if f in columns else 0
                      for f in range(1, 64) if mask >> f & 1}
            move = next(moves) if mask & 1 else None
            self.row_taken(machine, device, self.apply_row(machine, values, move, device, receive))
        require(next(moves, None) is None, "moves left over")
        self.apply_extras(body)

    def row_taken(self, machine, device, values):
        """For who wants every row, late ones too: its values (field: raw)."""

    @staticmethod
    def apply_row(machine, values, move, device, receive):
        def held(field):
            return machine.fields.get(field, (0, NEVER, NEVER))
        new = {}
        for field, difference in values.items():
            raw = held(field)[0] + difference
            new[field] = raw % 3600 if field == 1 else wrap(raw)
        if move is not None:
            raw, time, _ = held(0)
            x, y = raw % GRID, raw // GRID
            ahead = (0, 0)
            if time != NEVER:
                ahead = expected_move(new.get(2, held(2)[0]), new.get(1, held(1)[0]),
                                      device - time, y)
            new[0] = (x + ahead[0] + move[0]) % GRID + GRID * ((y + ahead[1] + move[1]) % GRID)
        for field, raw in new.items():
            if device >= held(field)[1]:
                machine.fields[field] = (raw, device, receive)
        machine.head_device = max(machine.head_device, device)
        machine.head_receive = max(machine.head_receive, receive)
        return new

    def apply_extras(self, body):
        slots = running_sum(body.periods.machine_gaps)
        for slot, number in zip(slots, expand(body.periods.number, len(slots))):
            self.machine(slot).period_ms = number
        self.apply_figures(body.figures, running_sum(body.figures.machine_gaps))
        for event in body.alarms:
            if event.kind == self.pb.AlarmEvent.CLEARED:
                require(self.alarms.pop(event.alarm.id, None) is not None, "cleared, never raised")
            else:
                self.alarms[event.alarm.id] = event.alarm
        if body.HasField("activity"):
            sample = body.activity
            require(sample.step < 288, "activity step")
            if sample.day != self.activity_day:
                self.activity_day, self.activity = sample.day, [-1] * 288
            self.activity[sample.step] = sample.working

    def apply_figures(self, figures, slots):
        count = len(slots)
        started = expand(figures.started, count)
        firsts = iter(expand(figures.first_start, sum(started)))
        rows = zip(slots, expand(figures.day, count), expand(figures.engine_s, count),
                   expand(figures.idle_s, count), expand(figures.fuel_dl, count), started)
        for slot, day, engine, idle, fuel, has_started in rows:
            first = next(firsts) + day * 86_400_000 if has_started else None
            self.machine(slot).figures = (day, engine, idle, fuel, first) if day else None

    def apply_state(self, frame, body):
        count, slots = body.machine_count, running_sum(body.machine_gaps)
        require(len(slots) == count, "machine_gaps")
        require(all(a < b for a, b in zip(slots, slots[1:])), "slots not ascending")
        if frame.kind == self.pb.Frame.KEYFRAME:
            self.machines = {}
        for slot in slots:
            self.machines[slot] = Machine()
        machines = [self.machine(slot) for slot in slots]
        for machine, device, receive, period in zip(
                machines, expand(body.device_lag, count), expand(body.receive_lag, count),
                expand(body.period_ms, count)):
            machine.head_device = wrap(frame.end_ms - device)
            machine.head_receive = wrap(frame.end_ms - receive)
            machine.period_ms = period
        of_machine = masks(body.shapes, body.machine_shapes, count)
        columns = {entry.field: entry for entry in body.fields}
        for field in range(64):
            having = [m for m, mask in zip(machines, of_machine) if mask >> field & 1]
            self.apply_state_field(field, columns.get(field, self.pb.StateField()), having)
        self.apply_figures(body.figures, slots)
        self.alarms = {alarm.id: alarm for alarm in body.alarms}
        self.activity_day, self.activity = 0, [-1] * 288
        if body.HasField("activity"):
            self.activity_day = body.activity.day
            self.activity = expand(body.activity.working, 288)

    @staticmethod
    def apply_state_field(field, entry, machines):
        count = len(machines)
        raws = running_sum(expand(entry.step, count))
        if field == 0:
            raws = [x + GRID * y for x, y in zip(raws, running_sum(expand(entry.step_y, count)))]
        for machine, raw, device, receive in zip(machines, raws, expand(entry.device_lag, count),
                                                 expand(entry.receive_lag, count)):
            machine.fields[field] = (raw, wrap(machine.head_device - device),
                                     wrap(machine.head_receive - receive))

    def state_hash(self):
        """As fleet/README.md, "State hash"."""
        def text(value):
            return bytes([len(value.encode())]) + value.encode()
        out = []
        for name, slot in sorted((i.encode(), s) for s, i in self.ids.items()):
            machine = self.machines.get(slot)
            if machine is None or machine.head_receive == NEVER:
                continue
            out.append(text(name.decode()) + struct.pack(
                "<qqiB", machine.head_device, machine.head_receive, machine.period_ms,
                len(machine.fields)))
            out += [struct.pack("<Bqqq", f, *machine.fields[f]) for f in sorted(machine.fields)]
        for _, a in sorted(self.alarms.items()):
            out.append(struct.pack("<Q", a.id) + text(self.ids[a.machine]) + struct.pack(
                "<BIBBBBBqq", a.rule, a.spn, a.fmi, a.source, a.count, a.lamp, a.severity,
                a.occurred_ms, a.learned_ms))
        return xxh64(b"".join(out))
