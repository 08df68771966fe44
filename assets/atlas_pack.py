"""Writes the packed map asset (.fwm). The layout is described in README.md beside this file."""
import struct

import mapbox_earcut
import numpy as np
import xxhash

MAGIC = b"FWMA"
VERSION = 1
HEADER_BYTES = 24
SECTION_BYTES = 20
AREA, LINES, REGIONS, PLACES, TEXT = range(1, 6)
LAYERS = ("land", "focus", "lakes", "coast", "country_borders", "province_borders",
          "prefecture_borders", "rivers", "county_borders")
# A line is cut here so that a chunk's bounding box stays small enough to cull by.
LINE_VERTICES_MAX = 128


class Body:
    """Bytes of one section."""

    def __init__(self):
        self.bytes = bytearray()
        self.x = self.y = 0
        self.index = 0

    def varint(self, value):
        value = int(value)
        while value >= 0x80:
            self.bytes.append(value & 0x7F | 0x80)
            value >>= 7
        self.bytes.append(value)

    def zigzag(self, value):
        self.varint(value * 2 if value >= 0 else -value * 2 - 1)

    def point(self, x, y):
        """Difference to the section's previous point."""
        x, y = int(x), int(y)
        self.zigzag(x - self.x)
        self.zigzag(y - self.y)
        self.x, self.y = x, y

    def text(self, text):
        encoded = text.encode("utf-8")
        self.varint(len(encoded))
        self.bytes += encoded


def deduplicated(points):
    """Without repeats of the same point in a row."""
    if len(points) < 2:
        return points
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.any(points[1:] != points[:-1], axis=1)
    return points[keep]


def triangulated(polygon):
    """(vertices [n, 2], triangle indices [m, 3]) of one shapely polygon, rounded to integers."""
    rings = []
    for ring in [polygon.exterior, *polygon.interiors]:
        points = deduplicated(np.rint(np.asarray(ring.coords)).astype(np.int64))[:-1]
        if len(points) >= 3:
            rings.append(points)
        elif ring is polygon.exterior:
            break
    if not rings:
        return np.zeros((0, 2), dtype=np.int64), np.zeros((0, 3), dtype=np.int64)
    vertices = np.concatenate(rings)
    ends = np.cumsum([len(r) for r in rings]).astype(np.uint32)
    triangles = mapbox_earcut.triangulate_float64(vertices.astype(np.float64), ends)
    return vertices, triangles.reshape(-1, 3).astype(np.int64)


def triangles_area(vertices, triangles):
    a, b, c = (vertices[triangles[:, i]].astype(np.float64) for i in range(3))
    u, v = b - a, c - a
    return float(np.sum(np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])) / 2)


def area_body(cells, shift):
    """cells: {(column, row): [polygon in units of 2^shift]}. Returns bytes and figures."""
    body, chunks, figures = Body(), [], {"vertices": 0, "triangles": 0, "area": 0.0, "filled": 0.0}
    for cell in sorted(cells, key=lambda c: (c[1], c[0])):
        vertices, triangles, base = [], [], 0
        for polygon in cells[cell]:
            points, indices = triangulated(polygon)
            if len(indices) == 0:
                continue
            figures["area"] += polygon.area
            figures["filled"] += triangles_area(points, indices)
            vertices.append(points)
            triangles.append(indices + base)
            base += len(points)
        if triangles:
            chunks.append((np.concatenate(vertices), np.concatenate(triangles)))
    body.varint(shift)
    body.varint(len(chunks))
    for vertices, triangles in chunks:
        figures["vertices"] += len(vertices)
        figures["triangles"] += len(triangles)
        body.varint(len(vertices))
        body.varint(len(triangles))
        for x, y in vertices:
            body.point(x, y)
        previous = 0
        for index in triangles.reshape(-1).tolist():
            body.zigzag(index - previous)
            previous = index
    figures["chunks"] = len(chunks)
    return bytes(body.bytes), figures


def lines_body(lines, shift, cell):
    """lines: [n, 2] integer arrays in units of 2^shift; grouped by the cell they begin in."""
    cells = {}
    for line in lines:
        line = deduplicated(line)
        for i in range(0, len(line) - 1, LINE_VERTICES_MAX - 1):
            part = line[i:i + LINE_VERTICES_MAX]
            x, y = part[len(part) // 2]
            cells.setdefault((int(y) // cell, int(x) // cell), []).append(part)
    body = Body()
    body.varint(shift)
    body.varint(len(cells))
    for key in sorted(cells):
        body.varint(len(cells[key]))
        for part in cells[key]:
            body.varint(len(part))
            for x, y in part:
                body.point(x, y)
    count = sum(len(p) for parts in cells.values() for p in parts)
    return bytes(body.bytes), {"vertices": count, "chunks": len(cells)}


def regions_body(regions, shift):
    """regions: [(code, zh, en, [ring])]; rings without the closing point, units of 2^shift."""
    body = Body()
    body.varint(shift)
    body.varint(len(regions))
    for code, zh, en, rings in regions:
        for text in (code, zh, en):
            body.text(text)
        body.varint(len(rings))
        for ring in rings:
            body.varint(len(ring))
            for x, y in ring:
                body.point(x, y)
    return bytes(body.bytes), {"vertices": sum(len(r) for g in regions for r in g[3])}


def places_body(places):
    """places: [(zh, en, x, y, rank, population)]."""
    body = Body()
    body.varint(len(places))
    for zh, en, x, y, rank, population in places:
        body.text(zh)
        body.text(en)
        body.point(x, y)
        body.bytes.append(rank)
        body.varint(population)
    return bytes(body.bytes), {"places": len(places)}


def text_body(attribution, caveat):
    body = Body()
    body.text(attribution)
    body.text(caveat)
    return bytes(body.bytes), {}


def write_asset(path, sections):
    """sections: [(kind, layer or region set, min zoom, max zoom, bytes)]."""
    table, bodies = b"", b""
    start = HEADER_BYTES + SECTION_BYTES * len(sections)
    for kind, layer, min_zoom, max_zoom, body in sections:
        offset = start + len(bodies)
        table += struct.pack("<HHffII", kind, layer, min_zoom, max_zoom, offset, len(body))
        bodies += body
    payload = table + bodies
    header = MAGIC + struct.pack("<HHQQ", VERSION, len(sections), len(payload),
                                 xxhash.xxh64(payload, seed=len(sections)).intdigest())
    path.write_bytes(header + payload)
