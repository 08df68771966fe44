"""Reads areas and lines of a packed map asset (.fwm) back, for assets that are made to fit to it."""
import struct

import numpy as np

import atlas_pack as pack
import atlas_topology as topo


def varints(body):
    """All numbers of a body that has nothing but varints."""
    data = np.frombuffer(body, dtype=np.uint8).astype(np.int64)
    ends = np.flatnonzero(data < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1])
    values = np.zeros(len(ends), dtype=np.int64)
    for k in range(5):
        at = np.minimum(starts + k, ends)
        values += np.where(starts + k <= ends, (data[at] & 0x7F) << (7 * k), 0)
    return values


class Walk:
    """Front to back through the numbers of a section, as fleet::parse_atlas goes."""

    def __init__(self, body):
        self.values = varints(body)
        self.at = 0
        self.previous = np.zeros(2, dtype=np.int64)
        self.shift = self.number()

    def number(self):
        self.at += 1
        return int(self.values[self.at - 1])

    def zigzags(self, count):
        v = self.values[self.at:self.at + count]
        self.at += count
        return (v >> 1) ^ -(v & 1)

    def points(self, count):
        points = self.previous + np.cumsum(self.zigzags(2 * count).reshape(-1, 2), axis=0)
        self.previous = points[-1]
        return points


def section(path, kind, layer, zoom):
    """Body of the section that is drawn at a zoom."""
    data = path.read_bytes()
    count, = struct.unpack_from("<H", data, 6)
    for i in range(count):
        at = pack.HEADER_BYTES + i * pack.SECTION_BYTES
        k, l, least, end, offset, size = struct.unpack_from("<HHffII", data, at)
        if (k, l) == (kind, pack.LAYERS.index(layer)) and least <= zoom < end:
            return data[offset:offset + size]
    raise SystemExit(f"{path} has no {layer} at zoom {zoom}")


def lines(path, layer, zoom):
    """[n, 2] arrays in units of the level's step."""
    walk = Walk(section(path, pack.LINES, layer, zoom))
    return [walk.points(walk.number()) for _ in range(walk.number()) for _ in range(walk.number())]


def polygons(path, layer, zoom):
    """The area as a list of polygons for each of its chunks."""
    walk = Walk(section(path, pack.AREA, layer, zoom))
    chunks = []
    for _ in range(walk.number()):
        vertices, triangles = walk.number(), walk.number()
        points = walk.points(vertices)
        indices = np.cumsum(walk.zigzags(3 * triangles)).reshape(-1, 3)
        # A point has one number, whichever triangle it is a corner of.
        keys = points[:, 0] << 32 | points[:, 1]
        corners = keys[indices]
        edges = np.sort(np.concatenate([corners[:, (0, 1)], corners[:, (1, 2)],
                                        corners[:, (2, 0)]]), axis=1)
        edges, times = np.unique(edges, axis=0, return_counts=True)
        rim = edges[(times % 2 == 1) & (edges[:, 0] != edges[:, 1])]
        sides = [np.stack([e >> 32, e & 0xFFFFFFFF], axis=1) for e in rim]
        chunks.append(topo.nested_polygons(topo.closed_rings(sides)))
    return chunks
