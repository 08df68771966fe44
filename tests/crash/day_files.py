"""What a folder of day files holds, row by row, read with SQLite and feed_reader.py alone.

`read_folder` applies every frame in order, as net/README.md, "Day store" says, and lists every
sample that was stored, every alarm that was raised, and the roster. Shares no code with the
programs.
"""
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))
from feed_reader import Reader, require  # noqa: E402


class StoreReader(Reader):
    """A Reader that also lists every row: (machine, device time, {field: raw})."""

    def __init__(self, pb):
        super().__init__(pb)
        self.samples, self.raised, self.records = [], [], {}

    def machine(self, slot):
        machine = super().machine(slot)
        machine.name = self.ids[slot]
        return machine

    def row_taken(self, machine, device, values):
        self.samples.append((machine.name, device, values))

    def apply_roster(self, body):
        super().apply_roster(body)
        self.records.update((record.id, record) for record in body.machines)

    def apply_extras(self, body):
        for event in body.alarms:
            if event.kind == self.pb.AlarmEvent.RAISED:
                self.raised.append((self.ids[event.alarm.machine], event.alarm.spn))
        super().apply_extras(body)


def days_of(folder):
    """Path and open database of every day file, ascending."""
    for path in sorted(Path(folder).glob("*.fleetday")):
        db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        yield path, db
        db.close()


def rows_of(folder):
    """Frames in each day file, by its name."""
    return {path.name: db.execute("SELECT count(*) FROM frames").fetchone()[0]
            for path, db in days_of(folder)}


def read_folder(pb, folder, known=None):
    """A StoreReader that has taken every frame of every day, and the newest day's journal.

    known: rows_of(folder) at an earlier time, before a gateway started: those rows are left out
    (the start's own roster and keyframe stand alone).
    """
    reader, journal = StoreReader(pb), []
    for path, db in days_of(folder):
        first = (known or {}).get(path.name, 0) + 1
        rows = db.execute("SELECT row, bytes FROM frames WHERE row >= ? ORDER BY row", (first,))
        for expected, (row, data) in enumerate(rows, first):
            require(row == expected, "%s: row %d, expected %d" % (path, row, expected))
            reader.take_frame(data)
        journal = [data for data, in db.execute("SELECT bytes FROM journal ORDER BY row")]
    take_journal(reader, journal)
    return reader


def take_journal(reader, entries):
    """Entries of one tick, each going on where the one before ended."""
    before = reader.position
    for data in entries:
        reader.position = before
        reader.take_frame(data)
