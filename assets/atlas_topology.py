"""Shared borders as arcs: build them from polygons, simplify each once, put areas together again.

Everything works on integers of the 2^28 Web Mercator grid of fleet/mercator.hpp, so that two
polygons share a border exactly or not at all. A border is simplified once, as an arc between the
points where three or more areas (or an area and the sea) meet: neighbours never come apart.
"""
import heapq
import math
import warnings

import numpy as np
from shapely.geometry import LineString, Polygon, box
from shapely.prepared import prep
from shapely.strtree import STRtree
from shapely.validation import make_valid

GRID_BITS = 28
GRID_SIZE = 1 << GRID_BITS
MAX_LATITUDE_DEG = 85.051128779806592
SEA = -1
# An island smaller than this many squares of the tolerance is left out.
ISLAND_MIN = 6


def grid_from_lonlat(lonlat):
    """Array [n, 2] of degrees to integers; lon 180 and lat -85.05 become the last step."""
    lonlat = np.asarray(lonlat, dtype=np.float64)
    lat = np.radians(np.clip(lonlat[:, 1], -MAX_LATITUDE_DEG, MAX_LATITUDE_DEG))
    x = lonlat[:, 0] / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(lat)) / (2.0 * math.pi)
    world = np.stack([x, y], axis=1)
    return np.clip(np.rint(world * GRID_SIZE), 0, GRID_SIZE - 1).astype(np.int64)


def rings_of(geometry):
    """All rings of a GeoJSON Polygon or MultiPolygon, as lists of lon/lat."""
    if geometry is None:
        return []
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [ring for polygon in polygons for ring in polygon]


def ground_scale(points):
    """Area on the ground over area on the map (cos^2 of latitude): polar coasts are not special."""
    world_y = (np.asarray(points)[:, 1] + 0.5) / GRID_SIZE
    return 1.0 / np.cosh(2.0 * math.pi * (0.5 - world_y)) ** 2


class Arc:
    """A border between area classes `left` and `right` (SEA = none); `points` is [n, 2]."""

    def __init__(self, keys, sides):
        keys = np.asarray(keys, dtype=np.int64)
        self.points = np.stack([keys & (GRID_SIZE - 1), keys >> GRID_BITS], axis=1)
        self.sides = sides
        self.closed = keys[0] == keys[-1]
        self.ground_area = abs(ring_area(self.points)) * ground_scale(self.points[:1])[0]
        self.weight = visvalingam_weights(self.points) * ground_scale(self.points)

    def simplified(self, tolerance):
        """Vertices whose effective triangle is larger than tolerance squared; None: too small."""
        limit = float(tolerance) ** 2
        if self.closed and self.ground_area < ISLAND_MIN * limit:
            return None
        points = self.points[self.weight >= limit]
        if self.closed and len(points) < 4:
            return None
        return points


def ring_area(points):
    """Signed area; y grows south, so clockwise on the map is positive."""
    x = points[:, 0].astype(np.float64) - float(points[0, 0])
    y = points[:, 1].astype(np.float64) - float(points[0, 1])
    return 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) + x[-1] * y[0] - x[0] * y[-1])


def visvalingam_weights(points):
    """Effective area of each vertex (Visvalingam and Whyatt 1993); the ends weigh infinity."""
    n = len(points)
    weight = np.full(n, np.inf)
    if n < 3:
        return weight
    xs, ys = points[:, 0].tolist(), points[:, 1].tolist()
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))

    def area(i):
        a, c = before[i], after[i]
        return 0.5 * abs((xs[i] - xs[a]) * (ys[c] - ys[a]) - (xs[c] - xs[a]) * (ys[i] - ys[a]))

    current = [0.0] + [area(i) for i in range(1, n - 1)] + [0.0]
    heap = [(current[i], i) for i in range(1, n - 1)]
    heapq.heapify(heap)
    largest = 0.0
    while heap:
        a, i = heapq.heappop(heap)
        if a != current[i]:
            continue
        current[i] = -1.0
        largest = max(largest, a)
        weight[i] = largest
        p, q = before[i], after[i]
        after[p], before[q] = q, p
        for j in (p, q):
            if 0 < j < n - 1:
                current[j] = area(j)
                heapq.heappush(heap, (current[j], j))
    return weight


def class_edges(classed_rings):
    """Edges that separate two classes: {(u, v): (class, class or SEA)}, u < v as packed keys.
    Rings are lists of lon/lat, or arrays of the grid."""
    edges = {}
    for cls, ring in classed_rings:
        points = ring if isinstance(ring, np.ndarray) else grid_from_lonlat(ring)
        keys = (points[:, 0] | (points[:, 1] << GRID_BITS)).tolist()
        for a, b in zip(keys, keys[1:]):
            if a == b:
                continue
            edge = (a, b) if a < b else (b, a)
            seen = edges.get(edge)
            if seen is None:
                edges[edge] = (cls,)
            elif len(seen) == 1:
                edges[edge] = (seen[0], cls)
            else:
                raise ValueError(f"more than two areas share the edge {edge}")
    sided = {}
    for edge, sides in edges.items():
        if len(sides) == 1:
            sided[edge] = (sides[0], SEA)
        elif sides[0] != sides[1]:
            sided[edge] = (min(sides), max(sides))
    return sided


def build_arcs(classed_rings):
    """[(class, lon/lat ring)] to arcs. Rings of one class that touch are dissolved."""
    edges = class_edges(classed_rings)
    around = {}
    for u, v in edges:
        around.setdefault(u, []).append(v)
        around.setdefault(v, []).append(u)

    def sides(a, b):
        return edges[(a, b) if a < b else (b, a)]

    def is_node(k):
        next_to = around[k]
        return len(next_to) != 2 or sides(k, next_to[0]) != sides(k, next_to[1])

    nodes = {k for k in around if is_node(k)}
    used = set()

    def walk(start, second):
        keys = [start, second]
        used.add((start, second) if start < second else (second, start))
        while keys[-1] not in nodes and keys[-1] != start:
            a, b = around[keys[-1]]
            following = b if a == keys[-2] else a
            used.add((keys[-1], following) if keys[-1] < following else (following, keys[-1]))
            keys.append(following)
        return Arc(keys, sides(start, second))

    arcs = []
    for starts in (sorted(nodes), sorted(around)):
        for k in starts:
            for other in around[k]:
                if ((k, other) if k < other else (other, k)) not in used:
                    arcs.append(walk(k, other))
    return arcs


def closed_rings(lines):
    """Joins lines end to end into rings (even-odd; which turn is taken at a node is free)."""
    ends, rings = {}, []
    for i, line in enumerate(lines):
        a, b = tuple(line[0]), tuple(line[-1])
        if a == b:
            rings.append(line)
            continue
        ends.setdefault(a, []).append(i)
        ends.setdefault(b, []).append(i)
    used = set()
    for i, line in enumerate(lines):
        if i in used or tuple(line[0]) == tuple(line[-1]):
            continue
        used.add(i)
        parts, start, at = [line], tuple(line[0]), tuple(line[-1])
        while at != start:
            j = next(j for j in ends[at] if j not in used)
            used.add(j)
            part = lines[j] if tuple(lines[j][0]) == at else lines[j][::-1]
            parts.append(part[1:])
            at = tuple(part[-1])
        rings.append(np.concatenate(parts))
    return rings


def polygons_of(geometry):
    """The polygons inside any shapely geometry."""
    if geometry.is_empty:
        return []
    if geometry.geom_type == "Polygon":
        return [geometry]
    if hasattr(geometry, "geoms"):
        return [p for part in geometry.geoms for p in polygons_of(part)]
    return []


def lines_of(geometry):
    """The line strings inside any shapely geometry."""
    if geometry.is_empty:
        return []
    if geometry.geom_type == "LineString":
        return [geometry]
    if hasattr(geometry, "geoms"):
        return [p for part in geometry.geoms for p in lines_of(part)]
    return []


def nested_polygons(rings):
    """Even-odd rings to valid polygons with holes."""
    shapes = [p for r in rings if len(r) >= 4 for p in polygons_of(make_valid(Polygon(r)))]
    shapes.sort(key=lambda p: -p.area)
    order = {id(p): i for i, p in enumerate(shapes)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapely 1.8 announces 2.0 here
        tree = STRtree(shapes)
    holes, outers, depth, prepared = {}, [], [0] * len(shapes), {}

    def contains(j, point):
        if j not in prepared:
            prepared[j] = prep(shapes[j])
        return prepared[j].contains(point)

    for i, shape in enumerate(shapes):
        point = shape.representative_point()
        around = [order[id(s)] for s in tree.query(point)]
        around = sorted(j for j in around if j < i and contains(j, point))
        depth[i] = len(around)
        if depth[i] % 2 == 0:
            outers.append(i)
        else:
            holes.setdefault(max(around, key=lambda j: depth[j]), []).append(shape)
    result = []
    for i in outers:
        shape = shapes[i]
        inner = [h.exterior.coords for h in holes.get(i, [])]
        inner += [r.coords for r in shape.interiors]
        result += polygons_of(make_valid(Polygon(shape.exterior.coords, inner)))
    return result


def cell_pieces(polygons, cell):
    """Cuts polygons along a square grid: {(column, row): [polygon]}. Halves until one cell."""
    cells = {}

    def cut(shape):
        x0, y0, x1, y1 = shape.bounds
        c0, r0 = int(x0 // cell), int(y0 // cell)
        c1, r1 = max(c0, int(-(-x1 // cell)) - 1), max(r0, int(-(-y1 // cell)) - 1)
        if c0 == c1 and r0 == r1:
            cells.setdefault((c0, r0), []).append(shape)
            return
        if c1 - c0 >= r1 - r0:
            middle = ((c0 + c1 + 1) // 2) * cell
            halves = (box(x0, y0, middle, y1), box(middle, y0, x1, y1))
        else:
            middle = ((r0 + r1 + 1) // 2) * cell
            halves = (box(x0, y0, x1, middle), box(x0, middle, x1, y1))
        for half in halves:
            for part in polygons_of(shape.intersection(half)):
                cut(part)

    for polygon in polygons:
        cut(polygon)
    return cells


def without_world_edge(lines, units):
    """Leaves out what runs along lon 180 or the foot of the map: cuts of the source, no coast."""
    result = []
    for line in lines:
        x, y = line[:, 0], line[:, 1]
        cut = (x[1:] == x[:-1]) & ((x[1:] == 0) | (x[1:] >= units - 1))
        cut |= (y[1:] == y[:-1]) & (y[1:] >= units - 1)
        result += [p for p in np.split(line, np.flatnonzero(cut) + 1) if len(p) >= 2]
    return result


def windowed_lines(fine, coarse, window):
    """`fine` inside the window, `coarse` outside; both are lists of [n, 2] arrays."""
    lines = []
    for line in fine:
        lines += lines_of(LineString(line).intersection(window))
    for line in coarse:
        lines += lines_of(LineString(line).difference(window))
    return [np.rint(np.asarray(line.coords)).astype(np.int64) for line in lines]


def windowed_polygons(fine, coarse, window):
    """The same for polygons."""
    polygons = []
    for polygon in fine:
        polygons += polygons_of(polygon.intersection(window))
    for polygon in coarse:
        polygons += polygons_of(polygon.difference(window))
    return polygons
