"""Senders that number their samples and remember what was acknowledged.

Each sample is a line of its own machine and time with a number nobody else uses. A message that
was not answered, or refused with 429 or 503, may be sent again as it was: it holds one sample a
machine, so that the gateway knows every one it already has. A machine joins now and then, with
roster keys; some lines are of the roster only; some carry a fault list.
"""
import asyncio
import collections
import json
import random
import time

import websockets

PREFIX = "kept"  # of their ids, to tell them from simulated machines
FIELD = "sample_count"  # an extra field: numbers up to 2^31 are exact


class Ledger:
    """What was sent, and what became of it."""

    def __init__(self):
        self.number = 0
        self.sent, self.acknowledged = {}, set()  # number: line
        self.models, self.models_sure = {}, {}  # machine: all models sent, last one acknowledged
        self.faults, self.faults_sure = {}, set()
        self.problems, self.refused, self.answers = [], 0, 0

    def next_number(self):
        self.number += 1
        return self.number

    def take(self, lines, answer):
        """The answer 200 to `lines`: each accepted, or known already."""
        self.answers += 1
        for entry in answer["rejected"]:
            if entry["reason"] != "duplicate":
                self.problems.append("rejected: %s %s" % (entry, lines[entry["line"] - 1]))
        for line in lines:
            if FIELD in line:
                self.acknowledged.add(line[FIELD])
            if "model" in line:
                self.models_sure[line["machine"]] = line["model"]
            for fault in line.get("faults", ()):
                self.faults_sure.add((line["machine"], fault["spn"]))


class Sender:
    def __init__(self, ledger, name, seed, socket):
        self.ledger, self.name, self.socket = ledger, name, socket
        self.random = random.Random(seed)
        self.machines = ["%s-%d" % (name, k) for k in range(6)]
        self.last_ms, self.unanswered = {}, None

    def line(self, machine):
        ledger, number = self.ledger, self.ledger.next_number()
        at = max(int(time.time() * 1000), self.last_ms.get(machine, 0) + 1)
        self.last_ms[machine] = at
        line = {"machine": machine, "time": at, FIELD: number, "rpm": 600 + number % 1500,
                "lon": 120 + len(machine), "lat": 31}
        if number % 7 == 0:
            spn = number % 500_000 + 1
            line["faults"] = [{"spn": spn, "fmi": 1, "sa": 0, "count": 1, "lamp": "amber"}]
            ledger.faults[(machine, spn)] = number
        ledger.sent[number] = line
        return line

    def message(self):
        lines = [self.line(m) for m in
                 self.random.sample(self.machines, self.random.randint(1, 6))]
        if self.random.random() < 0.1:
            machine = "%s-new-%d" % (self.name, self.ledger.number)
            self.machines = self.machines[-40:] + [machine]
            lines.append(self.with_model(self.line(machine)))
        if self.random.random() < 0.2:
            lines.append(self.with_model({"machine": self.random.choice(self.machines)}))
        return lines

    def with_model(self, line):
        line["model"] = "M-%d" % self.ledger.next_number()
        self.ledger.models.setdefault(line["machine"], []).append(line["model"])
        return line

    async def run(self, address):
        """Sends until the gateway is gone. What was not answered then is sent again, or never."""
        try:
            exchange = self.by_socket if self.socket else self.by_http
            await exchange(address)
        except (OSError, asyncio.IncompleteReadError, websockets.WebSocketException, EOFError):
            if self.random.random() < 0.4:
                self.unanswered = None

    def next_lines(self):
        if self.unanswered is None:
            self.unanswered = self.message()
        return self.unanswered

    async def settle(self, status, answer):
        if status == 200:
            self.ledger.take(self.unanswered, answer)
            self.unanswered = None
        elif status in (429, 503):
            self.ledger.refused += 1
            await asyncio.sleep(0.05)
        else:
            self.ledger.problems.append("answer %d %s" % (status, answer))
            self.unanswered = None

    async def by_socket(self, address):
        async with websockets.connect("ws://%s/ingest" % address) as socket:
            while True:
                await socket.send(ndjson(self.next_lines()))
                answer = json.loads(await socket.recv())
                await self.settle(answer.get("status", 200), answer)

    async def by_http(self, address):
        host, port = address.rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            while True:
                body = ndjson(self.next_lines()).encode()
                writer.write(b"POST /ingest HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n"
                             % (address.encode(), len(body)) + body)
                status, answer = await read_answer(reader)
                await self.settle(status, json.loads(answer))
        finally:
            writer.close()


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    lengths = [int(line.split(":")[1]) for line in head if line.lower().startswith("content-length")]
    return int(head[0].split()[1]), await reader.readexactly(lengths[0])


def ndjson(lines):
    return "".join(json.dumps(line) + "\n" for line in lines)


def differences(ledger, store):
    """Sentences on what is not stored exactly once; `store` is a day_files.StoreReader."""
    if FIELD not in store.extra_fields:
        return ["no sample of ours is stored"]
    number_field = 17 + store.extra_fields.index(FIELD)
    times, found = {}, []
    for machine, device, values in store.samples:
        if not machine.startswith(PREFIX):
            continue
        if number_field not in values:
            found.append("a row without its number: %s at %d" % (machine, device))
            continue
        number = round(values[number_field] / 1000)
        times[number] = times.get(number, 0) + 1
        line = ledger.sent.get(number)
        if line is None or (line["machine"], line["time"]) != (machine, device):
            found.append("number %d: stored for %s at %d, sent %s" % (number, machine, device, line))
        elif values.get(6) != line["rpm"] or 0 not in values:
            found.append("number %d: stored %s, sent %s" % (number, values, line))
    found += ["number %d: acknowledged, not stored" % n
              for n in sorted(ledger.acknowledged) if n not in times]
    found += ["number %d: stored %d times" % (n, count) for n, count in times.items() if count > 1]
    found += ["alarm %s: acknowledged, never raised" % (fault,)
              for fault in ledger.faults_sure if fault not in store.raised]
    raised = collections.Counter(store.raised)
    found += ["alarm %s: raised %d times" % entry for entry in raised.items() if entry[1] > 1]
    for machine, model in ledger.models_sure.items():
        sent = ledger.models[machine]
        held = store.records[machine].model if machine in store.records else None
        if held not in sent[sent.index(model):]:
            found.append("%s: model %s stored, %s acknowledged" % (machine, held, model))
    return found
