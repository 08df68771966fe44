#!/usr/bin/env python3
"""kill -9 of `fleetwalld serve` at random moments under ingest: what was acknowledged is there.

Every round: start, time it, let a viewer resume and compare its state hash with that of
`fleetwalld state --hash`, send numbered samples from several senders, kill. Some rounds kill
during the start itself, one round kills about midnight of the gateway's day. At the end: every
acknowledged sample stored exactly once, no other twice, `verify` clean. Bars: listening and
/healthz within 2 s of exec, the viewer back within 10 s. Exit code 0, 1, or 77: a package is
missing.

    tests/crash/kill_nine.py --fleetwalld build/bin/fleetwalld --rounds 100 [--machines 32730]
"""
import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

try:
    import google.protobuf  # noqa: F401
    import websockets
    import xxhash  # noqa: F401
    import zstandard  # noqa: F401
except ImportError as missing:
    print("skipped: %s (Debian: python3-protobuf, -websockets, -zstandard, -xxhash)" % missing)
    sys.exit(77)

from day_files import Reader, read_folder, require, rows_of  # noqa: E402
from senders import PREFIX, Ledger, Sender, differences, read_answer  # noqa: E402

RESTART_S = 2  # bar: exec to "listening", exec to the first answer of /healthz
VIEWER_S = 10  # bar: exec to a viewer with the right state hash
CHINA = timezone(timedelta(hours=8))


class Daemon:
    """fleetwalld serve, started; `listening_s` and `healthy_s` after its exec."""

    def __init__(self, options, folder, zone):
        self.options = options
        config = folder / "gateway.toml"
        config.write_text('day_zone = "%s"\n[feed]\ntick_ms = 200\n' % zone)
        self.log = open(folder / "gateway.log", "a+")
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [options.fleetwalld, "serve", "--listen", "127.0.0.1:0", "--config", str(config),
             "--data", str(folder / "data")], stdout=subprocess.PIPE, stderr=self.log)

    async def serve(self):
        line = (await asyncio.to_thread(self.process.stdout.readline)).decode().split()
        self.listening_s = time.monotonic() - self.begin
        require(line[:1] == ["listening"], "first line of stdout: %r" % line)
        self.address = line[1]
        host, port = self.address.rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n" % self.address.encode())
        status, _ = await read_answer(reader)
        writer.close()
        self.healthy_s = time.monotonic() - self.begin
        require(status == 200, "/healthz: %d" % status)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


async def viewer_hash(pb, daemon, held):
    """Connects as a viewer that held something until the crash; its hash after the first state."""
    reader = Reader(pb)
    url = "ws://%s/feed" % daemon.address
    async with websockets.connect(url, max_size=65_792) as socket:
        ask = pb.ClientMessage()
        ask.subscribe.major, ask.subscribe.client = 1, "crash check"
        if held:
            ask.subscribe.resume.epoch, ask.subscribe.resume.number = held
        await socket.send(ask.SerializeToString())
        while reader.kinds[-1:] != ["KEYFRAME"]:
            message = pb.ServerMessage.FromString(await asyncio.wait_for(socket.recv(), VIEWER_S))
            if message.WhichOneof("message") == "chunk":
                reader.take_chunk(message.chunk)
    return reader.state_hash(), reader.position


class Run:
    def __init__(self, options, pb, folder):
        self.options, self.pb, self.folder = options, pb, folder
        self.random = random.Random(options.seed)
        self.ledger, self.held = Ledger(), None
        self.senders = [Sender(self.ledger, PREFIX + str(k), options.seed * 100 + k, k % 2 == 0)
                        for k in range(options.senders)]
        self.listening, self.healthy, self.back = [], [], []
        self.zone = "+08:00"

    def command(self, *arguments):
        done = subprocess.run([self.options.fleetwalld, *arguments], capture_output=True, text=True)
        require(done.returncode == 0, "%s: %s%s" % (arguments[0], done.stdout, done.stderr))
        return done.stdout.strip()

    def fill(self):
        """Hours of a large fleet, up to a minute ago."""
        self.filled = {}
        if not self.options.machines:
            return
        hours = self.options.hours
        start = datetime.now(CHINA) - timedelta(hours=hours, minutes=1)
        print(self.command("simulate", "--machines", str(self.options.machines), "--seed", "7",
                           "--start", start.isoformat(timespec="seconds"), "--days",
                           str(hours / 24), "--data", str(self.folder / "data")))
        self.filled = rows_of(self.folder / "data")

    def kill_in_start(self):
        """Up to three starts that do not live long: restore, opening, first listening."""
        for _ in range(self.random.randint(1, 3)):
            daemon = Daemon(self.options, self.folder, self.zone)
            usual = statistics.median(self.listening) if self.listening else 0.05
            time.sleep(self.random.uniform(0, 1.2 * usual))
            daemon.kill()

    async def look(self, daemon):
        """The viewer comes back and holds what the store holds."""
        if not any((self.folder / "data").glob("*.fleetday")):
            return
        got, self.held = await viewer_hash(self.pb, daemon, self.held)
        self.back.append(time.monotonic() - daemon.begin)
        stored = self.command("state", "--data", str(self.folder / "data"), "--hash", "--at",
                              (datetime.now(CHINA) + timedelta(days=2)).isoformat())
        require(stored == "%016x" % got, "state hash: viewer %016x, store %s" % (got, stored))

    async def round(self, number):
        if number % 4 == 3:
            self.kill_in_start()
        daemon = Daemon(self.options, self.folder, self.zone)
        try:
            await daemon.serve()
            self.listening.append(daemon.listening_s)
            self.healthy.append(daemon.healthy_s)
            await self.look(daemon)
            tasks = [asyncio.create_task(s.run(daemon.address)) for s in self.senders]
            await asyncio.sleep(self.moment(number))
            daemon.kill()
            await asyncio.wait_for(asyncio.gather(*tasks), 10)
        finally:
            daemon.kill()

    def moment(self, number):
        """Seconds until the kill; in the midnight round just about the new day's first tick."""
        if number == 0 and self.midnight:
            left = self.midnight - time.time()
            return max(left, 0) + self.random.uniform(0, 0.25)
        return self.random.uniform(0.02, self.options.longest)

    def turn_of_day(self):
        """A zone whose midnight is at the next minute but a few seconds, if that is near."""
        now = datetime.now(timezone.utc)
        next_minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        minutes = -(next_minute.hour * 60 + next_minute.minute) % 1440
        minutes -= 1440 if minutes > 12 * 60 else 0
        sign, size = "-" if minutes < 0 else "+", abs(minutes)
        self.zone = "%s%02d:%02d" % (sign, size // 60, size % 60)
        self.midnight = next_minute.timestamp()

    async def all_rounds(self):
        self.midnight = None
        if self.options.midnight:
            self.turn_of_day()
        for number in range(self.options.rounds):
            await self.round(number)
            if number % 10 == 9:
                print("%d rounds, %d samples acknowledged" % (number + 1,
                                                               len(self.ledger.acknowledged)))
        daemon = Daemon(self.options, self.folder, self.zone)
        await daemon.serve()
        await self.look(daemon)
        daemon.kill()

    def judge(self):
        store = read_folder(self.pb, self.folder / "data", self.filled)
        stored = sum(machine.startswith(PREFIX) for machine, _, _ in store.samples)
        found = self.ledger.problems + differences(self.ledger, store)
        print(self.command("verify", "--data", str(self.folder / "data")))
        sure, sent = len(self.ledger.acknowledged), len(self.ledger.sent)
        print("%d kills at least; %d samples sent, %d acknowledged, %d stored; %d alarms; %d days"
              % (self.options.rounds, sent, sure, stored, len(store.raised),
                 len(list((self.folder / "data").glob("*.fleetday")))))
        for name, times, bar in (("listening", self.listening, RESTART_S),
                                 ("/healthz", self.healthy, RESTART_S),
                                 ("viewer with the right hash", self.back, VIEWER_S)):
            if times:
                print("exec to %s: median %.3f s, longest %.3f s" % (
                    name, statistics.median(times), max(times)))
                if max(times) > bar:
                    found.append("%s took %.3f s, bar %d s" % (name, max(times), bar))
        require(sure > 0, "nothing was acknowledged at all")
        require(not found, "%d findings:\n%s" % (len(found), "\n".join(found[:20])))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--protoc", default="protoc")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--longest", type=float, default=1.5, help="seconds until a kill")
    parser.add_argument("--machines", type=int, default=0, help="simulated ones in the folder")
    parser.add_argument("--hours", type=float, default=3, help="of their history")
    parser.add_argument("--midnight", action="store_true",
                        help="the first kill is about midnight (waits up to a minute)")
    options = parser.parse_args()
    source = str(Path(__file__).resolve().parents[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([options.protoc, "-I", source, "--python_out", name,
                        source + "/net/proto/feed.proto"], check=True)
        sys.path.insert(0, name)
        from net.proto import feed_pb2
        run = Run(options, feed_pb2, folder)
        try:
            run.fill()
            asyncio.run(run.all_rounds())
            run.judge()
        except Exception as error:
            log = (folder / "gateway.log").read_text() if (folder / "gateway.log").exists() else ""
            sys.exit("FAILED: %s %s\nend of the gateway's log:\n%s"
                     % (type(error).__name__, error, log[-4000:]))
    print("every acknowledged sample is stored exactly once")


if __name__ == "__main__":
    main()
