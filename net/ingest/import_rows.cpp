#include "net/ingest/import_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "fleet/floor_mod.hpp"

namespace net {

namespace {

void join(std::string& held, const std::string& text) {
  if (!text.empty() && (held.empty() || text < held)) held = text;
}
void join(double& held, double value) {
  if (!std::isnan(value) && (std::isnan(held) || value < held)) held = value;
}

/// Joins the rows of one machine and device time.
class Joiner {
 public:
  explicit Joiner(ImportRows& all) : all_(all) {}

  ImportRow join_group(std::span<const ImportRow> group) {
    ImportRow joined = group.front();
    ++all_.counts(joined).used;
    if (group.size() == 1) return joined;
    const std::int64_t* value = all_.values.data() + joined.value_begin;
    for (fleet::FieldMask rest = joined.fields; rest != 0; rest &= rest - 1)
      raw_[static_cast<std::size_t>(std::countr_zero(rest))] = *value++;
    for (const ImportRow& row : group.subspan(1)) take(row, joined);
    joined.value_begin = all_.values.size();
    for (fleet::FieldMask rest = joined.fields; rest != 0; rest &= rest - 1)
      all_.values.push_back(raw_[static_cast<std::size_t>(std::countr_zero(rest))]);
    return joined;
  }

 private:
  void take(const ImportRow& row, ImportRow& joined) {
    ImportCounts& counts = all_.counts(row);
    joined.receive_ms = std::min(joined.receive_ms, row.receive_ms);
    bool news = false;
    std::uint64_t duplicates = 0;
    const std::int64_t* value = all_.values.data() + row.value_begin;
    for (fleet::FieldMask rest = row.fields; rest != 0; rest &= rest - 1, ++value) {
      const auto field = static_cast<std::size_t>(std::countr_zero(rest));
      const fleet::FieldMask bit = fleet::FieldMask{1} << field;
      if ((joined.fields & bit) == 0) {
        joined.fields |= bit;
        raw_[field] = *value;
        news = true;
      } else if (raw_[field] == *value) {
        ++duplicates;
      } else {
        const auto& info = all_.known.fields()[static_cast<fleet::FieldId>(field)];
        if (fleet::wins_conflict(info, *value, raw_[field])) raw_[field] = *value;
        counts.reject(fleet::Reason::conflict, row.line);
        news = true;
      }
    }
    news = take_faults(row, joined, duplicates) || news;
    if (news) {
      ++counts.used;
      counts.rejected[static_cast<std::size_t>(fleet::Reason::duplicate)].values += duplicates;
    } else {
      counts.reject(fleet::Reason::duplicate, row.line);
    }
  }

  bool take_faults(const ImportRow& row, ImportRow& joined, std::uint64_t& duplicates) {
    if (row.faults == 0) return false;
    if (joined.faults == 0) {
      joined.faults = row.faults;
      return true;
    }
    const auto& held = all_.fault_lists[joined.faults - 1];
    const auto& list = all_.fault_lists[row.faults - 1];
    if (held == list) {
      ++duplicates;
      return false;
    }
    if (fleet::fault_list_hash(list) < fleet::fault_list_hash(held)) joined.faults = row.faults;
    all_.counts(row).reject(fleet::Reason::conflict, row.line);
    return true;
  }

  ImportRows& all_;
  std::array<std::int64_t, fleet::kMaxFields> raw_{};
};

}  // namespace

std::int64_t tick_end_ms(std::int64_t receive_ms, fleet::Millis tick) {
  const std::int64_t step = tick.count();
  const std::int64_t over = fleet::floor_mod(receive_ms, step);
  return over == 0 ? receive_ms : receive_ms - over + step;
}

void ImportCounts::reject(fleet::Reason reason, std::uint32_t line) {
  Reason& r = rejected[static_cast<std::size_t>(reason)];
  ++r.values;
  if (r.first_line == 0 || line < r.first_line) r.first_line = line;
}

void ImportCounts::add(const ImportCounts& other) {
  rows += other.rows;
  used += other.used;
  roster_rows += other.roster_rows;
  late += other.late;
  zoneless += other.zoneless;
  for (std::size_t i = 0; i < rejected.size(); ++i) rejected[i].values += other.rejected[i].values;
}

std::span<const std::int64_t> ImportRows::values_of(const ImportRow& row) const {
  return std::span(values).subspan(row.value_begin,
                                   static_cast<std::size_t>(std::popcount(row.fields)));
}

void ImportRows::add_record(fleet::Slot slot, const fleet::Machine& record) {
  if (records.size() <= slot) records.resize(std::size_t{slot} + 1);
  fleet::Machine& held = records[slot];
  held.id = known.roster()[slot].id;
  join(held.serial, record.serial);
  join(held.maker, record.maker);
  join(held.model, record.model);
  join(held.machine_class, record.machine_class);
  join(held.customer, record.customer);
  join(held.branch, record.branch);
  join(held.delivered, record.delivered);
  join(held.last_service_time, record.last_service_time);
  join(held.hours_offset_h, record.hours_offset_h);
  join(held.loan_monthly, record.loan_monthly);
  join(held.wage_monthly, record.wage_monthly);
  join(held.income_per_h, record.income_per_h);
  join(held.fuel_per_h, record.fuel_per_h);
  join(held.last_service_h, record.last_service_h);
}

bool has_record(const fleet::Machine& m) {
  const auto known = [](double value) { return !std::isnan(value); };
  return !(m.serial + m.maker + m.model + m.machine_class + m.customer + m.branch + m.delivered +
           m.last_service_time)
              .empty() ||
         known(m.hours_offset_h) || known(m.loan_monthly) || known(m.wage_monthly) ||
         known(m.income_per_h) || known(m.fuel_per_h) || known(m.last_service_h);
}

fleet::Machine updated_record(fleet::Machine held, const fleet::Machine& news) {
  using Text = std::string fleet::Machine::*;
  using Number = double fleet::Machine::*;
  for (const Text text :
       {&fleet::Machine::serial, &fleet::Machine::maker, &fleet::Machine::model,
        &fleet::Machine::machine_class, &fleet::Machine::customer, &fleet::Machine::branch,
        &fleet::Machine::delivered, &fleet::Machine::last_service_time})
    if (!(news.*text).empty()) held.*text = news.*text;
  for (const Number number : {&fleet::Machine::hours_offset_h, &fleet::Machine::loan_monthly,
                              &fleet::Machine::wage_monthly, &fleet::Machine::income_per_h,
                              &fleet::Machine::fuel_per_h, &fleet::Machine::last_service_h})
    if (!std::isnan(news.*number)) held.*number = news.*number;
  return held;
}

void ImportRows::merge(fleet::Millis tick) {
  std::ranges::sort(rows, {}, [](const ImportRow& r) {
    return std::tuple(r.machine, r.device_ms, r.file, r.line, r.value_begin);
  });
  Joiner joiner(*this);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t j = i + 1;
    while (j < rows.size() && rows[j].machine == rows[i].machine &&
           rows[j].device_ms == rows[i].device_ms)
      ++j;
    rows[kept++] = joiner.join_group(std::span(rows).subspan(i, j - i));
    i = j;
  }
  rows.resize(kept);
  std::vector<std::uint32_t> rank(known.roster().size());
  for (std::uint32_t n = 0; const fleet::Slot slot : known.roster().by_id()) rank[slot] = n++;
  std::ranges::sort(rows, {}, [&](const ImportRow& r) {
    return std::tuple(tick_end_ms(r.receive_ms, tick), rank[r.machine], r.receive_ms, r.device_ms);
  });
}

}  // namespace net
