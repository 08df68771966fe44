#include "net/store/schema.hpp"

#include <array>
#include <string>

#include "net/store/day_store.hpp"
#include "net/store/pack_table.hpp"
#include "net/store/rollup_tables.hpp"

namespace net {

namespace {

constexpr const char* kFrames = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE frames(
  row INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  complete INTEGER NOT NULL,  -- 1: a roster frame that replaces the whole roster
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL,
  begin_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL);
CREATE INDEX keyframes ON frames(kind, end_ms) WHERE kind = 1;
CREATE INDEX rosters ON frames(kind, row) WHERE kind = 3;
CREATE TABLE journal(row INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
)sql";

constexpr std::array kSteps = {
    SchemaStep{1, kFrames},
    SchemaStep{2, kRollupTables},
    SchemaStep{3, kPackTables},
};
static_assert(kSteps.back().version == kDaySchemaVersion);

}  // namespace

std::span<const SchemaStep> schema_steps() {
  return kSteps;
}

fleet::Result<int> schema_version(sqlite::Database& db) {
  const auto version = db.number("PRAGMA user_version");
  if (!version) return version.error();
  return static_cast<int>(version->value_or(0));
}

fleet::Result<void> take_schema_steps(sqlite::Database& db, int from) {
  for (const SchemaStep& step : schema_steps()) {
    if (step.version <= from) continue;
    if (auto taken = db.run(step.sql); !taken) return taken;
  }
  return db.run(("PRAGMA user_version=" + std::to_string(kDaySchemaVersion)).c_str());
}

fleet::Result<void> migrate(sqlite::Database& db) {
  const auto before = schema_version(db);
  if (!before) return before.error();
  if (*before >= kDaySchemaVersion) return {};
  if (auto begun = db.run("BEGIN IMMEDIATE"); !begun) return begun;
  // Another writer may have been first.
  const auto version = schema_version(db);
  auto taken = version ? take_schema_steps(db, *version) : fleet::Result<void>(version.error());
  if (taken) taken = db.run("COMMIT");
  if (!taken && db.in_transaction()) (void)db.run("ROLLBACK").ok();
  return taken;
}

}  // namespace net
