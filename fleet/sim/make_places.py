#!/usr/bin/python3
"""Writes places.inc and place_masks.inc: where the demo fleet's worksites may lie.

One place = a town with a weight (machines of the default fleet) and a mask of 24 x 24 cells around
it. A cell is set when it lies wholly on land inside the place's own prefecture, so that a worksite
drawn from the mask is neither in the sea, nor in a lake or a wide river, nor across the border.

Sources: prefecture borders from the folder named as the first argument (cn_prefecture_500m,
cn_place_labels: see its SOURCES.md; town coordinates are GeoNames, CC BY 4.0, rounded to 0.01
degree); water from GSHHG, high resolution (Debian gmt, gmt-gshhg-high; LGPL-3), by
`gmt grdlandmask`. Weights: our own estimate, see README.md.

usage: make_places.py SHARED/basemap   (needs Debian gmt, gmt-gshhg-high, python3-shapely, -numpy)
"""
import base64
import gzip
import json
import subprocess
import sys
import tempfile

import numpy as np
from shapely.geometry import box, shape
from shapely.ops import unary_union
from shapely.prepared import prep

CELLS, D_LON, D_LAT = 24, 0.042, 0.036  # as in places.hpp

# Machines by province, then "town weight" within it. m after a weight: mines and quarries about.
# An entry "town@prefecture,lon,lat weight" is a second centre of a prefecture.
PROVINCES = {
    "江苏": (13250, "苏州 1450 昆山@苏州,120.97,31.38 1150 常熟@苏州,120.75,31.65 850 "
             "张家港@苏州,120.55,31.87 620 太仓@苏州,121.11,31.45 560 吴江@苏州,120.64,31.15 760 "
             "无锡 620 江阴@无锡,120.27,31.90 330 宜兴@无锡,119.82,31.35 220 南京 680 "
             "江宁@南京,118.85,31.93 330 溧水@南京,119.03,31.65 90 常州 460 溧阳@常州,119.48,31.42 150 "
             "南通 430 如东@南通,121.19,32.32 150 海门@南通,121.18,31.88 150 徐州 420 "
             "新沂@徐州,118.35,34.37 100 沛县@徐州,116.93,34.73 70 盐城 330 东台@盐城,120.32,32.86 110 "
             "扬州 290 高邮@扬州,119.45,32.79 80 泰州 310 靖江@泰州,120.27,32.01 120 "
             "淮安 260 盱眙@淮安,118.51,33.01 60 镇江 270 丹阳@镇江,119.57,31.99 110 连云港 260 "
             "东海@连云港,118.77,34.54 60 宿迁 220 沭阳@宿迁,118.77,34.12 90"),
    "浙江": (2150, "杭州 480 萧山@杭州,120.27,30.17 150 宁波 380 温州 260 嘉兴 190 湖州 170 绍兴 170 "
             "金华 170 义乌@金华,120.07,29.31 90 台州 160 丽水 60 衢州 70 舟山 40"),
    "福建": (1050, "福州 220 厦门 140 泉州 220 漳州 130 莆田 70 宁德 80 龙岩 80m 三明 60m 南平 50"),
    "广东": (2050, "广州 360 深圳 230 东莞 220 佛山 220 惠州 170 珠海 80 中山 90 江门 100 肇庆 90 清远 90m "
             "湛江 90 茂名 60 汕头 60 揭阳 50 梅州 50 韶关 60m 河源 50 阳江 40 云浮 30m 汕尾 40"),
    "安徽": (1500, "合肥 430 芜湖 160 马鞍山 90 滁州 140 蚌埠 90 阜阳 110 安庆 90 宣城 90 六安 80 淮南 60m "
             "宿州 60 亳州 60 淮北 40m 铜陵 40m 池州 40m 黄山 30"),
    "四川": (1450, "成都 480 龙泉驿@成都,104.25,30.57 120 绵阳 100 德阳 70 宜宾 80 泸州 70 南充 60 达州 60 "
             "乐山 60m 眉山 60 遂宁 40 内江 40 自贡 40 广安 40 广元 40 巴中 30 雅安 40m 资阳 40 攀枝花 50m "
             "凉山彝族自治州 60m 阿坝藏族羌族自治州 25 甘孜藏族自治州 30"),
    "湖北": (1150, "武汉 400 宜昌 110m 襄阳 100 黄石 70m 荆州 70 孝感 60 黄冈 70 十堰 60m 荆门 50 咸宁 50 "
             "随州 40 鄂州 40 恩施土家族苗族自治州 40"),
    "山东": (1850, "济南 280 青岛 260 临沂 190 潍坊 170 烟台 150 济宁 140 淄博 100m 菏泽 100 枣庄 70m "
             "泰安 80 德州 70 聊城 70 日照 60 滨州 60 威海 60 东营 50"),
    "河南": (1600, "郑州 380 洛阳 140m 南阳 120 新乡 100 商丘 90 周口 90 驻马店 90 信阳 90 许昌 80 安阳 80 "
             "平顶山 70m 开封 70 焦作 60m 濮阳 50 三门峡 40m 漯河 30 鹤壁 25"),
    "河北": (1150, "石家庄 190 唐山 200m 保定 120 雄安@保定,115.93,39.02 100 邯郸 110m 沧州 90 廊坊 90 邢台 70m "
             "张家口 70 承德 60m 秦皇岛 50 衡水 40"),
    "湖南": (1050, "长沙 330 株洲 80 湘潭 60 衡阳 90 岳阳 80 常德 70 郴州 80m 邵阳 60 永州 50 娄底 50m 怀化 50 "
             "益阳 50 张家界 20 湘西土家族苗族自治州 20"),
    "江西": (850, "南昌 220 赣州 140m 九江 110 上饶 90m 宜春 80m 吉安 70 抚州 60 新余 30m 萍乡 30m 景德镇 30 "
             "鹰潭 30"),
    "陕西": (850, "西安 320 长安@西安,108.91,34.13 60 咸阳 90 榆林 150m 渭南 70 宝鸡 60 延安 50m 汉中 50 安康 40 "
             "商洛 30 铜川 20m"),
    "山西": (800, "太原 150 大同 100m 朔州 90m 长治 90m 晋城 70m 临汾 80m 吕梁 100m 晋中 70m 运城 60 忻州 60m "
             "阳泉 40m"),
    "内蒙古": (750, "鄂尔多斯 210m 呼和浩特 90 包头 120m 锡林郭勒盟 60m 赤峰 70m 通辽 50m 乌海 60m "
               "呼伦贝尔 30m 乌兰察布 40 巴彦淖尔 30"),
    "广西": (700, "南宁 190 柳州 90 桂林 70 玉林 50 百色 60m 钦州 50 贵港 50 梧州 40 河池 40m 北海 30 防城港 30 "
             "崇左 30m 来宾 20 贺州 20m"),
    "云南": (850, "昆明 240 曲靖 100m 红河哈尼族彝族自治州 70m 玉溪 60m 大理白族自治州 60 昭通 60 "
             "楚雄彝族自治州 40 文山壮族苗族自治州 40 普洱 40 保山 40 临沧 30 西双版纳傣族自治州 20 "
             "德宏傣族景颇族自治州 20 丽江 30 怒江傈僳族自治州 10 迪庆藏族自治州 12"),
    "贵州": (700, "贵阳 220 遵义 130 毕节 90m 六盘水 70m 安顺 50 铜仁 50 黔南布依族苗族自治州 60 "
             "黔东南苗族侗族自治州 50 黔西南布依族苗族自治州 50m"),
    "重庆": (600, "重庆 300 万州@重庆,108.40,30.81 60 涪陵@重庆,107.39,29.70 50 江津@重庆,106.26,29.29 50 "
             "合川@重庆,106.28,29.97 40 永川@重庆,105.93,29.36 40 黔江@重庆,108.77,29.53 20"),
    "上海": (620, "上海 180 浦东@上海,121.70,31.10 180 松江@上海,121.23,31.03 110 嘉定@上海,121.25,31.38 80 "
             "青浦@上海,121.11,31.15 70"),
    "北京": (300, "北京 140 大兴@北京,116.34,39.73 60 通州@北京,116.66,39.91 50 昌平@北京,116.23,40.22 40"),
    "天津": (320, "天津 170 滨海@天津,117.65,39.03 90 武清@天津,117.04,39.38 40"),
    "辽宁": (560, "沈阳 170 大连 120 鞍山 60m 营口 40 抚顺 30m 本溪 30m 锦州 30 丹东 20 朝阳 30m 葫芦岛 30 "
             "盘锦 20 铁岭 20 辽阳 20 阜新 20m"),
    "吉林": (280, "长春 130 吉林 50 松原 20 四平 20 通化 20 白山 15m 延边朝鲜族自治州 20 白城 15"),
    "黑龙江": (360, "哈尔滨 160 齐齐哈尔 40 大庆 40 牡丹江 30 佳木斯 30 鸡西 20m 鹤岗 20m 双鸭山 20m 黑河 15 "
               "绥化 20 七台河 15m"),
    "甘肃": (430, "兰州 150 天水 40 酒泉 40m 庆阳 50 白银 30m 定西 30 平凉 30m 武威 20 张掖 20 陇南 30 "
             "嘉峪关 15 金昌 15m 临夏回族自治州 20"),
    "青海": (190, "西宁 90 海东 40 海西蒙古族藏族自治州 40m 海南藏族自治州 20 玉树藏族自治州 8"),
    "宁夏": (230, "银川 110 石嘴山 40m 吴忠 40 中卫 30 固原 20"),
    "新疆": (640, "乌鲁木齐 170 昌吉回族自治州 110m 喀什地区 60 阿克苏地区 60m 巴音郭楞蒙古自治州 60 "
             "伊犁哈萨克自治州 60m 和田地区 30 克拉玛依 30 吐鲁番 40m 石河子 30 塔城地区 20 "
             "阿勒泰地区 20m 博尔塔拉蒙古自治州 15"),
    "西藏": (140, "拉萨 60 日喀则 25 林芝 20 山南 15 昌都 15 那曲 8"),
    "海南": (210, "海口 90 三亚 50 儋州 30 琼海 20 文昌 20"),
}
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")


def load(folder, name):
    with gzip.open(f"{folder}/{name}.geojson.gz") as f:
        return json.load(f)["features"]


def water_mask():
    """1 = dry land (or an island in a lake); rows from south; 0.006 degrees."""
    with tempfile.NamedTemporaryFile(suffix=".nc") as f:
        subprocess.run(["gmt", "grdlandmask", "-R73/136/17/53.9", "-I0.006", "-Dh", "-A0/0/4",
                        "-N0/1/0/1/0", f"-G{f.name}"], check=True)
        text = subprocess.run(["gmt", "grd2xyz", f.name, "-ZBLc"], check=True, capture_output=True)
    rows, cols = round(36.9 / 0.006) + 1, round(63 / 0.006) + 1
    return np.frombuffer(text.stdout, dtype=np.int8).reshape(rows, cols)


def mask_of(lon, lat, region, land):
    """Base64 of 24 x 24 bits, rows from the south, columns from the west."""
    inside, bits = prep(region), []
    for row in range(CELLS):
        for col in range(CELLS):
            w, s = lon + (col - CELLS / 2) * D_LON, lat + (row - CELLS / 2) * D_LAT
            part = land[round((s - 17) / 0.006):round((s + D_LAT - 17) / 0.006) + 1,
                        round((w - 73) / 0.006):round((w + D_LON - 73) / 0.006) + 1]
            bits.append(bool(part.all()) and inside.contains(box(w, s, w + D_LON, s + D_LAT)))
    return base64.b64encode(np.packbits(bits).tobytes()).decode(), sum(bits)


def main(folder):
    labels = {f["properties"]["name_zh"]: f for f in load(folder, "cn_place_labels")}
    polygons = {}
    for f in load(folder, "cn_prefecture_500m"):
        p = f["properties"]
        polygons.setdefault(p["name_zh"], []).append(shape(f["geometry"]).buffer(0))
        if p["prov_zh"][:2] in MUNICIPALITIES:
            polygons.setdefault(p["prov_zh"], []).append(shape(f["geometry"]).buffer(0))
    land = water_mask()
    places, masks = [], []
    for province, (machines, text) in PROVINCES.items():
        items = text.split()
        entries = list(zip(items[::2], items[1::2]))
        total = sum(int(w.rstrip("m")) for _, w in entries)
        for name, weight in entries:
            town, _, where = name.partition("@")
            prefecture, *lonlat = where.split(",") if where else (town,)
            full = prefecture if prefecture in labels else prefecture + "市"
            if lonlat:
                lon, lat = map(float, lonlat)
            else:
                lon, lat = (round(c, 2) for c in labels[full]["geometry"]["coordinates"])
            mask, count = mask_of(lon, lat, unary_union(polygons[full]), land)
            if count < 12:
                print("few cells:", province, town, count, file=sys.stderr)
            short = prefecture.removesuffix("地区").removesuffix("盟")
            for tail in ("土家族苗族", "布依族苗族", "苗族侗族", "藏族羌族", "哈尼族彝族", "壮族苗族",
                         "傣族景颇族", "蒙古族藏族", "朝鲜族", "藏族", "彝族", "白族", "傣族", "傈僳族",
                         "回族", "蒙古", "哈萨克"):
                if short.endswith(tail + "自治州"):
                    short = short[:-len(tail + "自治州")]
            short = {"巴音郭楞": "巴州", "博尔塔拉": "博州"}.get(short, short)
            share = int(weight.rstrip("m")) / total * machines
            places.append(f'{{"{province}", "{short}", {lon:.2f}, {lat:.2f}, {share:.1f}, '
                          f'{"true" if weight.endswith("m") else "false"}}},  // {town}\n')
            masks.append(f'"{mask}",\n')
    head = "// Written by make_places.py; see there for the sources.\n"
    open("places.inc", "w").write(head + "".join(places))
    open("place_masks.inc", "w").write(head + "".join(masks))
    print(len(places), "places", sum(m for m, _ in PROVINCES.values()), "machines")


main(sys.argv[1])
