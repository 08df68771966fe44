#!/usr/bin/env python3
"""Speaks feed and ingest with `fleetwalld serve`, from feed.proto and the documents alone.

Sends what 50 machines report, reads the feed with feed_reader.py, and compares: values with those
sent, state hashes with the gateway's, ways into the feed with each other. Waits for messages, each
with a deadline, never for time to pass. Exit code 0 all agree, 1 they do not, 77 a Python package
is missing.
"""
import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

try:
    import google.protobuf  # noqa: F401
    import websockets
    import zstandard  # noqa: F401
except ImportError as missing:
    print("skipped: %s (Debian: python3-protobuf, python3-websockets, python3-zstandard)" % missing)
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).parent))
import feed_reader  # noqa: E402
from feed_reader import Reader, Refused, require  # noqa: E402
from sent_fleet import MACHINES, Fleet, check_values  # noqa: E402

MESSAGE_S = 10  # longest wait for one message: heartbeats come each second
RUN_S = 60  # longest wait for the hash
RING_S = 2  # a resume further back than this gets a catch-up
# Day figures each tick: else a keyframe's are newer than those that ticks have published.
CONFIG = "[feed]\ntick_ms = 100\nring_seconds = %d\nfigures_every_ticks = 1\n" % RING_S
FAULT = {"spn": 100, "fmi": 1, "sa": 3, "count": 2, "lamp": "red_stop"}
FAULT_OF_TWO = {"spn": 110, "fmi": 0, "sa": 0, "count": 1, "lamp": "amber"}


class Gateway:
    def __init__(self, program, folder):
        config = folder / "gateway.toml"
        config.write_text(CONFIG)
        self.log = open(folder / "gateway.log", "w+")
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", "--config", str(config)],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline().split()
        require(line[:1] == ["listening"], "first line of stdout: %r" % line)
        self.address = line[1]

    async def post(self, lines):
        """Status and answer of one POST; `lines` are dicts, or texts as they stand."""
        return await asyncio.to_thread(self.post_text, ndjson(lines))

    def post_text(self, text):
        request = urllib.request.Request("http://%s/ingest" % self.address, text.encode())
        try:
            with urllib.request.urlopen(request, timeout=MESSAGE_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def connect(self, path):
        return websockets.connect("ws://%s%s" % (self.address, path), max_size=65_792)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


def ndjson(lines):
    return "".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines)


class Viewer:
    """One connection to /feed and the state it leads to."""

    def __init__(self, pb, socket, reader=None):
        self.pb, self.socket, self.reader = pb, socket, reader or Reader(pb)
        self.reader.kinds = []
        self.hashes = self.beat_number = 0

    async def message(self):
        data = await asyncio.wait_for(self.socket.recv(), MESSAGE_S)
        require(isinstance(data, bytes), "a text message on the feed")
        return self.pb.ServerMessage.FromString(data)

    async def subscribe(self, major=1, resume=None, roster_version=0):
        ask = self.pb.ClientMessage()
        ask.subscribe.major, ask.subscribe.client = major, "contract check"
        if resume:
            ask.subscribe.resume.epoch, ask.subscribe.resume.number = resume
            ask.subscribe.roster_version = roster_version
        await self.socket.send(ask.SerializeToString())

    async def hello(self):
        first = await self.message()
        require(first.WhichOneof("message") == "hello", "first message: %s" % first)
        return first.hello

    async def step(self):
        """Takes one message; errors of the gateway are refused."""
        message = await self.message()
        kind = message.WhichOneof("message")
        require(kind in ("chunk", "heartbeat"), "unexpected: %s" % message)
        if kind == "chunk":
            self.reader.take_chunk(message.chunk)
        else:
            self.take_heartbeat(message.heartbeat)

    def take_heartbeat(self, beat):
        reader = self.reader
        require(not reader.position or beat.position.epoch == reader.position[0],
                "heartbeat of epoch %d" % beat.position.epoch)
        require(not beat.trouble, "trouble of a gateway without a store: %s" % beat.trouble)
        if not beat.HasField("hash"):  # one with a hash has its place among the ticks
            require(beat.position.number >= self.beat_number, "heartbeats go back")
            self.beat_number = beat.position.number
        at = (beat.hash.position.epoch, beat.hash.position.number)
        if beat.HasField("hash") and at == reader.position and feed_reader.xxhash:
            require(beat.hash.hash == reader.state_hash(), "hash at %s: gateway %016x, reader %016x"
                    % (at, beat.hash.hash, reader.state_hash()))
            self.hashes += 1

    async def until(self, done, what):
        end = time.monotonic() + MESSAGE_S
        while not done():
            require(time.monotonic() < end, "waited too long for " + what)
            await self.step()


async def check_ingest(gateway, fleet, viewer):
    """One message with every kind of bad line; the values in it must not reach the state."""
    good = fleet.next_round()
    by = {int(line["machine"][1:3]): line for line in good}
    later = fleet.time_ms(1) + 300
    lines = good + [
        "this is no JSON",
        {"machine": by[1]["machine"], "time": later, "lon": 0, "lat": 0},
        by[2],
        {"machine": by[3]["machine"], "time": fleet.time_ms(3) - 500, "speed_kmh": 77},
        {"machine": by[4]["machine"], "time": fleet.time_ms(4), "rpm": 99_999},
        {"machine": by[5]["machine"], "time": int(time.time() * 1000) + 400_000, "gear": 1},
        {"machine": by[7]["machine"], "time": fleet.time_ms(7), "faults": [FAULT, FAULT_OF_TWO]},
        {"machine": by[8]["machine"], "model": "EX-8"}]
    status, answer = await gateway.post(lines)
    n = MACHINES
    expected = [{"line": n + 1, "reason": "malformed"},
                {"line": n + 2, "reason": "zero_island", "field": "position"},
                {"line": n + 3, "reason": "duplicate"},
                {"line": n + 5, "reason": "range", "field": "rpm"},
                {"line": n + 6, "reason": "future"}]
    require(status == 200 and answer == {"accepted": n + 5, "rejected": expected},
            "answer %d %s" % (status, answer))
    status, answer = await gateway.post(["neither", "is this"])
    require(status == 400, "no NDJSON at all: %d %s" % (status, answer))
    reader = viewer.reader
    await viewer.until(lambda: len(reader.alarms) == 2, "two alarms")
    slot = {name: s for s, name in reader.ids.items()}[by[7]["machine"]]
    for sent, alarm in zip((FAULT, FAULT_OF_TWO), sorted(reader.alarms.values(),
                                                        key=lambda a: a.spn)):
        got = (alarm.machine, alarm.spn, alarm.fmi, alarm.source, alarm.count, alarm.occurred_ms)
        require(got == (slot, sent["spn"], sent["fmi"], sent["sa"], sent["count"],
                        fleet.time_ms(7)), "alarm %s" % alarm)
    require({a.spn: a.lamp for a in reader.alarms.values()} == {100: 0, 110: 2}, "lamps")
    head = reader.machines[{n: s for s, n in reader.ids.items()}[by[1]["machine"]]].head_device
    require(head == later, "a report of which nothing is left still says that it reported")
    check_values(reader, fleet)


async def send_round(gateway, fleet, viewer, extra=()):
    status, answer = await gateway.post(fleet.next_round() + list(extra))
    require(status == 200 and answer == {"accepted": MACHINES + len(extra), "rejected": []},
            "round %d: %d %s" % (fleet.round, status, answer))
    at, reader = fleet.time_ms(0), viewer.reader
    await viewer.until(lambda: 0 in reader.machines and reader.machines[0].head_device >= at,
                       "round %d" % fleet.round)


async def send_until_hash(gateway, fleet, viewer):
    """Rounds, one a tick, until a hash was compared; hashes are 60 ticks and 5 s apart."""
    cleared = {"machine": "M07-\u6316", "faults": [FAULT]}
    await send_round(gateway, fleet, viewer)
    fleet.round += 1
    cleared["time"] = fleet.time_ms(7)
    fleet.round -= 1
    await send_round(gateway, fleet, viewer, [cleared])
    await viewer.until(lambda: len(viewer.reader.alarms) == 1, "one alarm cleared")
    end = time.monotonic() + RUN_S
    while (viewer.hashes == 0) if feed_reader.xxhash else (fleet.round < 80):
        require(time.monotonic() < end, "no state hash within %d s" % RUN_S)
        await send_round(gateway, fleet, viewer)
    check_values(viewer.reader, fleet)
    state = viewer.reader.plain()[0].values()
    require(all(machine[2] == 1000 for machine in state), "learned periods are not 1 s")
    require(any(machine[3] for machine in state), "no day figures came")
    known = [working for working in viewer.reader.activity if working >= 0]
    require(known and all(0 <= working <= len(state) for working in known), "no activity came")


async def check_same(first, second, what):
    """Two viewers at one position hold one state."""
    def behind():
        return (second.reader.position is None or second.reader.position != first.reader.position)
    end = time.monotonic() + MESSAGE_S
    while behind():
        require(time.monotonic() < end, what + ": the two never met")
        a, b = first.reader.position, second.reader.position
        await (second if b is None or b < a else first).step()
    for mine, other in zip(first.reader.plain(), second.reader.plain()):
        for key in mine.keys() | other.keys():
            require(mine.get(key) == other.get(key), "%s: %s is %s, and there %s"
                    % (what, key, mine.get(key), other.get(key)))


async def check_ways_in(pb, gateway, fleet, viewer, old):
    """A keyframe, a catch-up and the ticks missed lead to the state of who saw everything."""
    async with gateway.connect("/feed") as socket:
        fresh = Viewer(pb, socket)
        await fresh.subscribe()
        await fresh.hello()
        await check_same(viewer, fresh, "new viewer")
        require(fresh.reader.kinds[:2] == ["ROSTER", "KEYFRAME"], "way in: %s" % fresh.reader.kinds)
    near, taken = viewer.reader.copy(), time.monotonic()
    await send_round(gateway, fleet, viewer)
    for held, what in ((near, "resume"), (old, "old resume")):
        async with gateway.connect("/feed") as socket:
            again = Viewer(pb, socket, held)
            await again.subscribe(1, held.position, held.roster_version)
            await again.hello()
            quick = time.monotonic() - taken < RING_S / 2
            await check_same(viewer, again, what)
            kinds = set(held.kinds)
            if held is old:
                require("CATCH_UP" in kinds or "KEYFRAME" in kinds, "%s: %s" % (what, held.kinds))
            elif quick:
                require(kinds == {"TICK"}, "%s: %s" % (what, held.kinds))
            print("%s: %s" % (what, ", ".join(held.kinds)))


async def check_refusals(pb, gateway):
    async def error_after(send):
        async with gateway.connect("/feed") as socket:
            viewer = Viewer(pb, socket)
            await send(viewer)
            message = await viewer.message()
            while message.WhichOneof("message") != "error":
                message = await viewer.message()
            await asyncio.wait_for(socket.wait_closed(), MESSAGE_S)
            return message.error
    error = await error_after(lambda viewer: viewer.subscribe(major=2))
    require(error.code == pb.FeedError.VERSION_MISMATCH and "1" in error.text
            and "2" in error.text, "major 2: %s" % error)
    error = await error_after(lambda viewer: viewer.socket.send(b"\xff\xff\xff"))
    require(error.code == pb.FeedError.BAD_MESSAGE, "no message: %s" % error)


async def check_socket_ingest(gateway, fleet):
    """Three messages sent before the first answer are answered in their order."""
    lines = fleet.next_round()
    messages = [ndjson(lines), "neither\n", ndjson(["not this", lines[0]])]
    async with gateway.connect("/ingest") as socket:
        for message in messages:
            await socket.send(message)
        answers = [json.loads(await asyncio.wait_for(socket.recv(), MESSAGE_S)) for _ in messages]
    require(answers[0] == {"accepted": MACHINES, "rejected": []}, "first: %s" % answers[0])
    require(answers[1].get("status") == 400, "second: %s" % answers[1])
    require(answers[2] == {"accepted": 0, "rejected": [{"line": 1, "reason": "malformed"},
                                                       {"line": 2, "reason": "duplicate"}]},
            "third: %s" % answers[2])


async def check_end(gateway, viewer, pb):
    gateway.process.send_signal(signal.SIGTERM)
    message = await viewer.message()
    while message.WhichOneof("message") != "error":
        message = await viewer.message()
    require(message.error.code == pb.FeedError.SHUTTING_DOWN, "at the end: %s" % message.error)
    code = await asyncio.to_thread(gateway.process.wait, MESSAGE_S)
    require(code == 0, "exit code %d after SIGTERM" % code)


async def check(pb, gateway):
    fleet = Fleet()
    async with gateway.connect("/feed") as socket:
        viewer = Viewer(pb, socket)
        await viewer.subscribe()
        hello = await viewer.hello()
        require((hello.major, hello.minor >= 1, hello.tick_ms, hello.speed, hello.demo, hello.view, hello.day_zone)
                == (1, True, 100, 1.0, False, "full", "Asia/Shanghai"), "hello: %s" % hello)
        require(abs(hello.gateway_time_ms - time.time() * 1000) < 60_000, "time of the gateway")
        await check_ingest(gateway, fleet, viewer)
        require(viewer.reader.position[0] == hello.epoch, "epoch of the frames")
        old = viewer.reader.copy()
        await send_until_hash(gateway, fleet, viewer)
        print("%d rounds of %d machines, position %d, %s" % (
            fleet.round, MACHINES, viewer.reader.position[1], "state hash agrees"
            if feed_reader.xxhash else "hash not compared: no python3-xxhash"))
        await check_ways_in(pb, gateway, fleet, viewer, old)
        await check_refusals(pb, gateway)
        await check_socket_ingest(gateway, fleet)
        await check_end(gateway, viewer, pb)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--protoc", default="protoc")
    parser.add_argument("--source", default=str(Path(__file__).resolve().parents[2]))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([args.protoc, "-I", args.source, "--python_out", folder,
                        args.source + "/net/proto/feed.proto"], check=True)
        sys.path.insert(0, folder)
        from net.proto import feed_pb2
        gateway = Gateway(args.fleetwalld, Path(folder))
        try:
            asyncio.run(check(feed_pb2, gateway))
        except (Refused, asyncio.TimeoutError, websockets.WebSocketException) as error:
            gateway.log.seek(0)
            sys.exit("FAILED: %s %s\nlog of the gateway:\n%s"
                     % (type(error).__name__, error, gateway.log.read()))
        finally:
            gateway.end()
    print("feed and ingest are as the documents say")


if __name__ == "__main__":
    main()
