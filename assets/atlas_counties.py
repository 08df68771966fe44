"""Counties for assets/counties.fwm: their borders, and a coast, land and country that fit to them.

All borders of a zoom come from one set of arcs: what bounds a county may bound a prefecture, a
province or the country as well, and is drawn once, as the highest of these.
"""
import collections
import re
import warnings

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polylabel, unary_union
from shapely.prepared import prep
from shapely.strtree import STRtree

import atlas_names
import atlas_pack as pack
import atlas_read as read
import atlas_topology as topo

warnings.simplefilter("ignore")  # shapely 1.8 announces 2.0 at every tree

ZOOMS = (8, 99)
BORDER_ZOOM = 8.5
RANK = 4
PLACE = " of the base map"
# Islets whose outlines in the source are wide boxes around reefs; the base map's stay instead.
LEFT_OUT = {"hai_nan_san_sha", "guang_dong_dong_sha_qun_dao"}
# Merged in 2019; the prefectures have it so.
FILE_OF = {"shan_dong_lai_wu": "shan_dong_ji_nan"}
CHONGQING = ("CHINA", "CN-CQ", "500000", "hole")
SHANGHAI = ("CHINA", "CN-SH", "310000", "hole")
JIZHOU = ("CHINA", "CN-TJ", "120000", "hole")
# The source lacks Shanghai, the counties of Chongqing and one of Tianjin: the last two are holes of
# so many km2 or more.
HOLE_KM2 = 100
STEP_KM = 40075.0 / topo.GRID_SIZE
# Farther than two maps of one coast differ. What the base map has beyond it is not in the source.
APART_KM = 3.0
# About 2.5 km in units of the finest level: another map's version of a border is within.
BESIDE_UNITS = 300
# The same border simplified twice is no farther apart, and not so much longer.
SAME_BORDER_STEPS = 6000
PEOPLES = ("各族|回族|藏族|布依族|苗族|侗族|土家族|朝鲜族|蒙古族|羌族|彝族|哈尼族|壮族|傣族|白族|景颇族|"
           "傈僳族|黎族|满族|瑶族|畲族|土族|水族|仡佬族|仫佬族|毛南族|拉祜族|佤族|纳西族|布朗族|独龙族|"
           "怒族|普米族|撒拉族|保安族|东乡族|裕固族|达斡尔族|鄂温克族|哈萨克族?|蒙古|锡伯|塔吉克|哈萨克")
UNIT_END = re.compile(rf"(?<=..)(?:(?:{PEOPLES})*自治[县旗]|林区|市|县)$")


def is_drawn(feature):
    return feature["properties"]["file"] not in LEFT_OUT


def km_in_steps(km, y):
    """How many grid steps at row `y` are so far on the ground."""
    return km / (STEP_KM * float(topo.ground_scale([(0, y)])[0]) ** 0.5)


def ground_km2(polygon):
    scale = float(topo.ground_scale([(0, polygon.centroid.y)])[0])
    return polygon.area * STEP_KM ** 2 * scale


class Units:
    """Province and prefecture of the source's files, found by where their counties lie."""

    def __init__(self, prefectures):
        self.shapes, self.properties = [], []
        for feature in prefectures:
            rings = [topo.grid_from_lonlat(r) for r in topo.rings_of(feature["geometry"])]
            for polygon in topo.nested_polygons(rings):
                self.shapes.append(polygon)
                self.properties.append(feature["properties"])
        self.order = {id(s): i for i, s in enumerate(self.shapes)}
        self.tree = STRtree(self.shapes)

    def at(self, point):
        for shape in self.tree.query(point):
            if shape.contains(point):
                p = self.properties[self.order[id(shape)]]
                unit = p["prov_code"] if p["level"] == "district" else p["code"]
                return atlas_names.PROVINCE_OF_CODE[p["prov_code"][:2]], unit
        return None

    def of_files(self, features):
        """{file: (province, unit)}, as most of its counties say."""
        votes = collections.defaultdict(collections.Counter)
        for feature in features:
            rings = [topo.grid_from_lonlat(r) for r in topo.rings_of(feature["geometry"])]
            largest = max(topo.nested_polygons(rings), key=lambda p: p.area)
            found = self.at(largest.representative_point())
            if found:
                votes[file_of(feature["properties"])][found] += 1
        return {file: count.most_common(1)[0][0] for file, count in votes.items()}


def file_of(properties):
    return FILE_OF.get(properties["file"], properties["file"])


def county_class(units):
    """Class of a county: ("CHINA", province, unit, county). Those of Taiwan are its cities and
    counties, as everywhere else, and not the towns the source has."""
    def class_of(properties):
        file = file_of(properties)
        county = "" if file.startswith("tai_wan") else properties["name_zh"]
        return ("CHINA", *units[file], f"{file} {county}")
    return class_of


def fill_holes(borders):
    """Gives the sea inside the country to who lies there. Returns the large holes, the largest
    first: Chongqing and Jizhou in Tianjin."""
    arcs = [a for a in borders.arcs if topo.SEA in a.sides]
    outer = max(topo.nested_polygons(topo.closed_rings([a.points for a in arcs])),
                key=lambda p: p.area)
    holes = [Polygon(r) for r in outer.interiors]
    owner = {}
    large = sorted((h for h in holes if ground_km2(h) >= HOLE_KM2), key=lambda h: -h.area)
    assert [round(ground_km2(h), -3) for h in large] == [83000, 2000], "other holes than known"
    for hole, cls in zip(large, (CHONGQING, JIZHOU)):
        owner[id(hole)] = len(borders.classes)
        borders.classes.append(cls)
    keys = {}
    for hole in holes:
        for x, y in hole.exterior.coords:
            keys.setdefault((int(x), int(y)), hole)
    for arc in arcs:
        middle = tuple(arc.points[len(arc.points) // 2].tolist())
        hole = keys.get(middle) or next((h for h in large if h.contains(Point(middle))), None)
        if hole is not None:
            # A sliver between two counties goes to one of them.
            side = max(arc.sides)
            cls = owner.setdefault(id(hole), side)
            arc.sides = (min(side, cls), max(side, cls))
    return large


def fitted_rings(source, borders):
    """Outer rings of `source`, a neighbour that `borders` lacks, with their common border as
    `borders` has it. Both are of the same vertices, of which each has kept others: what lies
    between two that both have is one border, or it is coast."""
    def outline(of):
        return topo.closed_rings([a.points for a in of.arcs if topo.SEA in a.sides])
    rings = outline(borders)
    where = {tuple(p): (r, i) for r, ring in enumerate(rings) for i, p in enumerate(ring.tolist())
             if i > 0}
    return [fitted_ring(ring[:-1], rings, where) for ring in outline(source)]


def fitted_ring(ring, rings, where):
    both = [i for i, p in enumerate(ring.tolist()) if tuple(p) in where]
    if len(both) < 2:
        return np.concatenate([ring, ring[:1]])
    parts = []
    for i, j in zip(both, both[1:] + [both[0] + len(ring)]):
        own = ring[np.arange(i, j + 1) % len(ring)]
        shared = shared_path(own, rings, where[tuple(own[0])], where[tuple(own[-1])])
        parts.append((own if shared is None else shared)[:-1])
    return np.concatenate(parts + [parts[0][:1]])


def shared_path(own, rings, start, end):
    """The way from `start` to `end` along a ring if it is the same border as `own`, else None."""
    if start[0] != end[0]:
        return None
    ring = rings[start[0]][1:]
    ahead, back = (end[1] - start[1]) % len(ring), (start[1] - end[1]) % len(ring)
    steps = np.arange(ahead + 1) if ahead <= back else -np.arange(back + 1)
    path = ring[(start[1] - 1 + steps) % len(ring)]
    ways = [LineString(p) for p in (own, path)]
    if ways[1].length > 1.5 * ways[0].length + SAME_BORDER_STEPS:
        return None
    apart = max(ways[0].hausdorff_distance(ways[1]), ways[1].hausdorff_distance(ways[0]))
    return path if apart < SAME_BORDER_STEPS else None


def is_outline(a, b):
    return (a is None) != (b is None)


def is_province(a, b):
    return None not in (a, b) and a[1] != b[1]


def is_prefecture(a, b):
    return None not in (a, b) and a[1] == b[1] and a[2] != b[2]


def is_county(a, b):
    return None not in (a, b) and a[1:3] == b[1:3] and a[3] != b[3]


def district_lines(borders, polygons, rim, tolerance, shift):
    """Borders inside polygons from another source: their ends are moved to the rim of these."""
    inside = prep(unary_union([Polygon(p.exterior.coords).buffer(0) for p in polygons]))
    outer = {tuple(p) for a in borders.arcs if topo.SEA in a.sides for p in a.points.tolist()}
    rim = np.concatenate(rim)
    lines = []
    for arc in borders.arcs:
        if topo.SEA in arc.sides:
            continue
        points = arc.simplified(tolerance)
        if points is None or len(points) < 2:
            continue
        ends = [tuple(points[i].tolist()) in outer for i in (0, -1)]
        points = [p for i, p in enumerate(points.tolist())
                  if (i in (0, len(points) - 1)) or inside.contains(Point(p))]
        points = (np.asarray(points) + (1 << shift >> 1)) >> shift
        for i, moves in zip((0, -1), ends):
            if moves:
                away = np.sum((rim - points[i]) ** 2, axis=1)
                points[i] = rim[np.argmin(away)]
        lines.append(pack.deduplicated(points))
    return [line for line in lines if len(line) >= 2]


class Base:
    """What of the base map's country is replaced, and what stays; units of its finest level."""

    def __init__(self, path, shift, china):
        self.shift = shift
        self.land = read.polygons(path, "land", ZOOMS[0])
        self.focus = read.polygons(path, "focus", ZOOMS[0])
        self.coast = read.lines(path, "coast", ZOOMS[0])
        self.borders = read.lines(path, "country_borders", ZOOMS[0])
        self.rim = {(int(x), int(y)) for chunk in self.focus for p in chunk
                    for ring in (p.exterior, *p.interiors) for x, y in ring.coords}
        self.china = china
        self.tree = STRtree(china)
        self.prepared = {id(c): prep(c) for c in china}
        self.outline = STRtree([LineString(e) for c in china for ring in (c.exterior, *c.interiors)
                                for e in zip(ring.coords[:-1], ring.coords[1:])])

    def is_far(self, shape):
        reach = km_in_steps(APART_KM, shape.centroid.y * (1 << self.shift)) / (1 << self.shift)
        around = shape.buffer(reach)
        return not any(c.intersects(around) for c in self.tree.query(around))

    def own_edges(self, line):
        """For each edge of a line whether it is the country's own, which the new ones replace."""
        own = np.asarray([tuple(p) in self.rim for p in line.tolist()])
        edges = own[1:] & own[:-1]
        if edges.any() and self.is_far(LineString(line)):
            edges[:] = False
        return own, edges

    def kept_lines(self, lines, outline):
        """Lines without the country's own and without what lies in the new country or beside its
        outline; those that came from farther off end at the outline."""
        corners = np.concatenate(outline)
        kept = []
        for line in lines:
            own, edges = self.own_edges(line)
            held = own | np.asarray([self.replaces(Point(p)) for p in line.tolist()])
            if not held.any() or (own.any() and self.is_far(LineString(line))):
                kept.append(line)
                continue
            edges |= held[1:] & held[:-1]
            for part in np.split(np.arange(len(line)), np.flatnonzero(edges) + 1):
                if len(part) < 2:
                    continue
                points = line[part].copy()
                for i in (0, -1):
                    if held[part[i]]:
                        away = np.sum((corners - points[i]) ** 2, axis=1)
                        points[i] = corners[np.argmin(away)]
                kept.append(pack.deduplicated(points))
        return [line for line in kept if len(line) >= 2]

    def replaces(self, point):
        """Whether a point is in the new country or too near to its outline to be told from it."""
        if any(prepared.contains(point) for prepared in
               (self.prepared[id(c)] for c in self.tree.query(point))):
            return True
        around = point.buffer(BESIDE_UNITS)
        return any(e.distance(point) < BESIDE_UNITS for e in self.outline.query(around))

    def own_tree(self, lines):
        """The country's own edges among lines, to find the nearest of."""
        edges = []
        for line in lines:
            own = self.own_edges(line)[1]
            edges += [LineString(e) for e in zip(line[:-1][own], line[1:][own])]
        return STRtree(edges)

    def land_beside(self, cell):
        """(the land that the country leaves over, islands of the country that the source lacks)."""
        grid = topo.cell_pieces(self.china, cell)
        coast = self.own_tree(self.coast)
        focus = {}
        for chunk in self.focus:
            for polygon in chunk:
                at = polygon.representative_point()
                focus.setdefault((int(at.x // cell), int(at.y // cell)), []).append(polygon)
        left, islands = [], []
        for chunk in self.land:
            for polygon in chunk:
                at = polygon.representative_point()
                key = (int(at.x // cell), int(at.y // cell))
                own = unary_union(focus.get(key, []))
                left += topo.polygons_of(polygon.difference(own))
        for key, polygons in focus.items():
            own, new = unary_union(polygons), unary_union(grid.get(key, []))
            for piece in topo.polygons_of(own.difference(new)):
                if self.is_far(piece):
                    islands.append(piece)
                elif not any(edge.distance(piece) < 1 for edge in coast.query(piece.buffer(1))):
                    left.append(piece)  # between the two maps of a border on land
        return [p for p in left if p.area > 1], islands


def sea_or_neighbour(outline, base):
    """Cuts the country's outline: (coast, country borders). Nearer to which the base map's is."""
    trees = [base.own_tree(lines) for lines in (base.coast, base.borders)]
    coast, border = [], []
    for line in outline:
        middles = [Point(m) for m in ((line[1:] + line[:-1]) / 2).tolist()]
        away = [[t.nearest(m).distance(m) for t in trees] for m in middles]
        is_border = np.asarray([b < c for c, b in away])
        # One edge among others is a matter of chance.
        if len(is_border) > 2:
            alone = (is_border[1:-1] != is_border[:-2]) & (is_border[1:-1] != is_border[2:])
            is_border[1:-1] ^= alone
        cuts = np.flatnonzero(is_border[1:] != is_border[:-1]) + 1
        for part in np.split(np.arange(len(is_border)), cuts):
            run = line[part[0]:part[-1] + 2]
            (border if is_border[part[0]] else coast).append(run)
    return coast, border


def lakes_tree(path, shift):
    """The base map's lakes, in grid steps."""
    scale = float(1 << shift)
    return STRtree([affinity.scale(lake, scale, scale, origin=(0, 0))
                    for chunk in read.polygons(path, "lakes", ZOOMS[0]) for lake in chunk])


def label_point(polygon, lakes):
    """Well inside the largest part on land: some counties own half a lake."""
    coarse = polygon.simplify(polygon.area ** 0.5 / 50).buffer(0)
    land = coarse.difference(unary_union(lakes.query(coarse)))
    largest = max(topo.polygons_of(land) or [polygon], key=lambda p: p.area)
    return polylabel(largest, polygon.area ** 0.5 / 25)


def names_of(borders, others, places, lakes):
    """Places, the largest county first: a point well inside each. others: (name, polygon)."""
    named = []
    for name, polygon in county_shapes(borders) + others:
        if name.endswith("直辖") or name == "中国属钓鱼岛":
            continue  # what no county is
        named.append((ground_km2(polygon), name, label_point(polygon, lakes)))
    named.sort(key=lambda n: (-n[0], n[1]))
    known = collections.defaultdict(list)
    for _, name, at in named:
        known[UNIT_END.sub("", name)].append((name, (at.x, at.y)))
    for feature in places:
        name = feature["properties"]["name_zh"]
        at, = topo.grid_from_lonlat([feature["geometry"]["coordinates"]])
        known[atlas_names.short_place(name)].append((name + PLACE, at))
    shown = [(shown_name(name, at, known), at) for _, name, at in named]
    return [(zh, "", int(at.x), int(at.y), RANK, 0) for zh, at in shown if zh]


def county_shapes(borders):
    rings = collections.defaultdict(list)
    for arc in borders.arcs:
        for side in set(arc.sides) - {topo.SEA}:
            if arc.sides[0] != arc.sides[1]:
                rings[side].append(arc.points)
    shapes = []
    for side, lines in rings.items():
        name = borders.classes[side][3].partition(" ")[2]
        if name:
            polygons = topo.nested_polygons(topo.closed_rings(lines))
            shapes.append((name, max(polygons, key=lambda p: p.area)))
    return shapes


def shown_name(name, at, known):
    """Short, as prefectures are; in full beside another of the same short name; none where the base
    map names it, or the city that it is the seat of, already."""
    short = UNIT_END.sub("", name)
    reach = km_in_steps(120, at.y)
    near = {n for n, p in known[short] if np.hypot(p[0] - at.x, p[1] - at.y) < reach} - {name}
    if name + PLACE in near or (near and name.endswith("市") and any(PLACE in n for n in near)):
        return ""
    return name if near else short


def feature_shapes(features):
    shapes = []
    for feature in features:
        rings = [topo.grid_from_lonlat(r) for r in topo.rings_of(feature["geometry"])]
        largest = max(topo.nested_polygons(rings), key=lambda p: p.area)
        shapes.append((feature["properties"]["name_zh"], largest))
    return shapes
