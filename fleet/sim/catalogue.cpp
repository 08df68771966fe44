#include "fleet/sim/catalogue.hpp"

#include <algorithm>
#include <iterator>

namespace fleet::sim {
namespace {

constexpr auto digs = Motion::digs;
constexpr auto drives = Motion::drives;
constexpr auto stands = Motion::stands;

// Weight in the name (tonnes x 10, roughly) gives the class; tanks and fuel rates are those of
// usual machines of that weight, rounded.
constexpr Model kModels[] = {
    {"SY16C", "mini", 6, 2, 1, 23, 2.0, 0.8, 2200, 1200, 80, digs},
    {"SY35U", "mini", 5, 2, 1, 38, 3.2, 1.0, 2200, 1200, 95, digs},
    {"SY55C", "mini", 7, 3, 2, 120, 4.6, 1.2, 2100, 1150, 110, digs},
    {"SY75C", "small", 17, 14.5, 6, 150, 6.5, 1.5, 2000, 1100, 130, digs},
    {"SY135C", "medium", 9, 3.5, 5, 240, 10.5, 2.2, 2000, 1050, 180, digs},
    {"SY195C", "medium", 12, 50, 8, 330, 13.0, 2.6, 1950, 1000, 220, digs},
    {"SY215C", "medium", 17, 16.7, 16, 340, 14.5, 2.8, 1950, 1000, 240, digs},
    {"SY245H", "medium", 5, 1.3, 8, 400, 17.0, 3.0, 1900, 1000, 270, digs},
    {"SY305H", "large", 3, 0.6, 8, 500, 21.0, 3.6, 1850, 950, 320, digs},
    {"SY365H", "large", 6, 4, 20, 620, 26.0, 4.2, 1800, 900, 380, digs},
    {"SY485H", "large", 2, 0.4, 14, 650, 36.0, 5.0, 1800, 900, 500, digs},
    {"SW956K", "loader", 7, 1, 10, 260, 15.0, 3.2, 2000, 800, 190, drives},
    {"STC250", "crane", 3, 0.7, 1, 300, 9.0, 3.0, 1900, 750, 260, stands},
    {"SCC550", "crane", 1, 0.3, 0, 400, 11.0, 3.4, 1800, 800, 320, stands},
};

constexpr std::string_view kBrandFirst[] = {"恒", "鼎", "瑞", "宏", "泰", "永", "万",
                                            "金", "华", "盛", "广", "通", "信", "德",
                                            "安", "顺", "腾", "远", "固", "昊"};
constexpr std::string_view kBrandSecond[] = {"拓", "基", "岳", "联", "成", "筑", "越",
                                             "川", "辉", "峰", "源", "力", "诚", "润",
                                             "嘉", "祥", "凯", "森", "途", "磊"};
constexpr std::string_view kTrade[] = {"土石方工程", "机械租赁", "建设工程", "市政工程",
                                       "路桥工程",   "基础工程", "矿业",     "建材"};
constexpr std::string_view kSurnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高",
    "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧"};
constexpr std::string_view kGivenLast[] = {"明", "军", "强", "伟", "平",
                                           "峰", "华", "龙", "勇", "斌"};

template <std::size_t N>
std::string_view pick(Draws& draws, const std::string_view (&list)[N]) {
  return list[draws.index(N)];
}

}  // namespace

std::span<const Model> models() {
  return kModels;
}

int draw_model(Draws& draws, bool suzhou, bool mines) {
  const auto share = [&](const Model& m) {
    return suzhou ? m.share_suzhou : mines ? m.share_mines : m.share;
  };
  double total = 0;
  for (const Model& m : kModels) total += share(m);
  double left = draws.uniform() * total;
  for (const Model& m : kModels) {
    left -= share(m);
    if (left < 0) return static_cast<int>(&m - kModels);
  }
  return 0;
}

int find_model(std::string_view name) {
  const auto at = std::find_if(std::begin(kModels), std::end(kModels),
                               [&](const Model& m) { return m.name == name; });
  return static_cast<int>(at - std::begin(kModels));
}

std::string customer_name(Draws& draws, std::string_view city, int machines) {
  std::string name;
  if (machines == 1 ? draws.chance(0.85) : machines <= 3 && draws.chance(0.4)) {
    name = pick(draws, kSurnames);
    name += '*';
    if (draws.chance(0.55)) name += pick(draws, kGivenLast);
    return name;
  }
  name = city;
  name += pick(draws, kBrandFirst);
  name += pick(draws, kBrandSecond);
  name += pick(draws, kTrade);
  name += machines > 20 && draws.chance(0.4) ? "集团有限公司" : "有限公司";
  return name;
}

}  // namespace fleet::sim
