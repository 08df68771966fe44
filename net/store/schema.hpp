// Tables of a day file, and how a file of an older version gets those of a newer one.
//
// A new file is made by taking every step; an older one by taking those it has not taken. So both
// end up the same. Readers take files of any version up to ours as they are.
#pragma once

#include <span>

#include "net/store/sqlite.hpp"

namespace net {

struct SchemaStep {
  int version;      ///< this step is part of
  const char* sql;  ///< statements; they must not assume anything of another step of this version
};
/// Ascending versions. Those who need a table append a step.
std::span<const SchemaStep> schema_steps();

/// user_version of a file. Error: SQLite's.
fleet::Result<int> schema_version(sqlite::Database& db);
/// Takes the steps behind version `from`, in the transaction that is open, and says so in
/// user_version.
fleet::Result<void> take_schema_steps(sqlite::Database& db, int from);
/// Brings a file up to our version, in one transaction; one that is has nothing done to it.
/// Precondition: no transaction is open. Error: SQLite's; the file is as it was.
fleet::Result<void> migrate(sqlite::Database& db);

}  // namespace net
