#include "viewer/ui/fault_texts.hpp"

#include <algorithm>
#include <array>

namespace viewer {
namespace {

struct Entry {
  int spn;
  std::string_view field;
  std::string_view name_zh, name_en;
  std::string_view cause_zh, cause_en;
  std::string_view check_zh, check_en;
};

constexpr std::array kEntries{
    Entry{96, "fuel_level_pct", "燃油油位", "Fuel level", "燃油将尽；停机时骤降应怀疑偷油",
          "Nearly empty; a sudden drop while parked suggests theft",
          "核对油位并加油；停机骤降时查看位置与时间，联系客户",
          "Check the level and refuel; after a drop while parked, compare place and time and call "
          "the customer"},
    Entry{97, "", "油中含水", "Water in fuel", "油水分离器积水，或燃油不洁",
          "Separator full, or contaminated fuel", "排放油水分离器，检查燃油来源",
          "Drain the separator and check where the fuel came from"},
    Entry{100, "oil_pressure_kpa", "机油压力", "Oil pressure",
          "漏油、油位不足、机油泵故障或机油牌号不符", "Leak, low level, worn pump or wrong oil",
          "立即停机，检查机油油位与泄漏；核对机油牌号，检查机油泵",
          "Stop the engine. Check oil level and leaks, then oil grade and pump"},
    Entry{102, "", "增压压力", "Boost pressure", "进气管漏气或增压器故障",
          "Leaking intake or a failing turbocharger", "检查进气管路、卡箍与增压器",
          "Check intake hoses, clamps and the turbocharger"},
    Entry{105, "", "进气温度", "Intake temperature", "中冷器堵塞或进气泄漏",
          "Charge cooler blocked or intake leaking", "清洁中冷器，检查进气管路",
          "Clean the charge cooler and check the intake"},
    Entry{107, "", "空滤压差", "Air filter restriction", "空气滤芯堵塞", "Air filter clogged",
          "清洁或更换空气滤芯", "Clean or change the element"},
    Entry{110, "coolant_c", "冷却液温度", "Coolant temperature",
          "冷却液不足、风扇皮带松动或散热器堵塞", "Low coolant, loose fan belt or blocked radiator",
          "降至怠速冷却后停机，检查液位、风扇皮带，清洁散热器",
          "Let it cool at idle, then stop. Check level and fan belt, clean the radiator"},
    Entry{168, "battery_v", "电瓶电压", "Battery voltage", "发电机不发电或皮带打滑",
          "Alternator not charging or belt slipping", "检查发电机、皮带与电瓶接线",
          "Check alternator, belts and battery terminals"},
    Entry{173, "", "排气温度", "Exhaust temperature", "喷油器故障或进气不足",
          "Faulty injectors or too little air", "检查喷油器与进气系统，降低负荷",
          "Check injectors and intake, reduce the load"},
    Entry{175, "", "机油温度", "Oil temperature", "机油冷却器堵塞或长时间过载",
          "Oil cooler blocked or long overload", "降低负荷，检查机油冷却器与油位",
          "Reduce the load, check the oil cooler and level"},
    Entry{190, "rpm", "发动机转速", "Engine speed", "下坡拖动或调速系统故障",
          "Driven by the load, or governor fault", "松开油门减速，检查调速系统",
          "Ease off and slow down, check the governor"},
    Entry{1638, "hydraulic_c", "液压油温度", "Hydraulic oil temperature",
          "液压油散热器堵塞或溢流阀长期开启", "Cooler blocked or relief valve open too long",
          "降低负荷，清洁散热器，检查溢流阀与油位",
          "Reduce the load, clean the cooler, check relief valve and level"},
    Entry{1761, "def_level_pct", "尿素液位", "DEF level", "尿素不足", "DEF nearly empty",
          "加注尿素溶液", "Refill DEF"},
    Entry{3517, "def_level_pct", "尿素液位", "DEF level", "尿素不足", "DEF nearly empty",
          "加注尿素溶液", "Refill DEF"},
    Entry{3719, "", "颗粒捕集器积碳", "Particulate filter soot", "再生不充分，长期怠速",
          "Regeneration incomplete, long idling", "在安全地点执行驻车再生",
          "Run a parked regeneration in a safe place"},
};

struct Fmi {
  int fmi;
  std::string_view zh, en;
};
/// J1939-73 failure modes as the end of a headline.
constexpr std::array kFmis{
    Fmi{0, "过高", "too high"},
    Fmi{1, "过低", "too low"},
    Fmi{2, "信号异常", "signal erratic"},
    Fmi{3, "电压偏高", "voltage high"},
    Fmi{4, "电压偏低", "voltage low"},
    Fmi{5, "断路", "open circuit"},
    Fmi{6, "短路", "short circuit"},
    Fmi{7, "机械故障", "mechanical fault"},
    Fmi{8, "信号频率异常", "signal frequency"},
    Fmi{9, "通讯异常", "no updates"},
    Fmi{10, "变化过快", "changing too fast"},
    Fmi{11, "原因不明", "cause unknown"},
    Fmi{12, "部件损坏", "device failed"},
    Fmi{13, "未标定", "out of calibration"},
    Fmi{14, "需查维修手册", "see manual"},
    Fmi{15, "略高", "slightly high"},
    Fmi{16, "偏高", "high"},
    Fmi{17, "略低", "slightly low"},
    Fmi{18, "偏低", "low"},
    Fmi{19, "数据错误", "bad data"},
    Fmi{31, "异常", "fault"},
};

/// Faults whose plain headline would be wrong or clumsy.
struct Special {
  int spn, fmi;
  std::string_view zh, en;
};
constexpr std::array kSpecial{
    Special{97, 0, "油中含水严重", "Water in fuel, severe"},
    Special{97, 16, "油中含水", "Water in fuel"},
    Special{107, 0, "空气滤芯严重堵塞", "Air filter blocked"},
    Special{107, 16, "空气滤芯堵塞", "Air filter clogging"},
    Special{190, 0, "发动机超速", "Engine over-speed"},
    Special{3719, 0, "颗粒捕集器积碳过多", "Particulate filter full"},
    Special{3719, 16, "颗粒捕集器积碳偏高", "Particulate filter filling"},
};

const Entry* find(int spn) {
  const auto it = std::find_if(kEntries.begin(), kEntries.end(),
                               [&](const Entry& entry) { return entry.spn == spn; });
  return it == kEntries.end() ? nullptr : &*it;
}

std::string_view ending(Lang lang, int fmi) {
  for (const Fmi& known : kFmis) {
    if (known.fmi == fmi) return lang == Lang::zh ? known.zh : known.en;
  }
  return lang == Lang::zh ? "故障" : "fault";
}

}  // namespace

std::string fault_title(Lang lang, int spn, int fmi) {
  const bool zh = lang == Lang::zh;
  for (const Special& special : kSpecial) {
    if (special.spn == spn && special.fmi == fmi) return std::string(zh ? special.zh : special.en);
  }
  std::string title;
  if (const Entry* entry = find(spn)) {
    title = zh ? entry->name_zh : entry->name_en;
  } else {
    title = "SPN " + std::to_string(spn);
    if (zh) title += " ";
  }
  if (!zh) title += " ";
  return title.append(ending(lang, fmi));
}

std::string_view fault_cause(Lang lang, int spn) {
  const Entry* entry = find(spn);
  if (entry == nullptr) return {};
  return lang == Lang::zh ? entry->cause_zh : entry->cause_en;
}

std::string_view fault_check(Lang lang, int spn) {
  const Entry* entry = find(spn);
  if (entry == nullptr) return {};
  return lang == Lang::zh ? entry->check_zh : entry->check_en;
}

bool fault_known(int spn) {
  return find(spn) != nullptr;
}

std::string_view fault_field(int spn) {
  const Entry* entry = find(spn);
  return entry == nullptr ? std::string_view{} : entry->field;
}

std::string fault_code(int spn, int fmi) {
  return "SPN " + std::to_string(spn) + " FMI " + std::to_string(fmi);
}

std::string all_fault_texts(Lang lang) {
  const bool zh = lang == Lang::zh;
  std::string all;
  for (const Entry& e : kEntries) {
    all.append(zh ? e.name_zh : e.name_en).append(zh ? e.cause_zh : e.cause_en);
    all.append(zh ? e.check_zh : e.check_en);
  }
  for (const Fmi& fmi : kFmis) all += zh ? fmi.zh : fmi.en;
  for (const Special& special : kSpecial) all += zh ? special.zh : special.en;
  return all.append(zh ? "故障" : "");
}

}  // namespace viewer
