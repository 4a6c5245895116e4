#pragma once

#include <filesystem>
#include <string>

#include "fixture/temp_folder.h"

// Migrations folders of any length, the same revisions for each tool in its own form. Revision N makes table step_N and
// an index on it.

namespace slipway::bench {

// slipway's, which is dbmate's too: migrations/, and the order of the names is the chain.
void write_revisions(const fixture::TempFolder& folder, int count);
// The same with scripts that make nothing, for a folder of which only the length is to count.
void write_empty_revisions(const fixture::TempFolder& folder, int count);

// alembic.ini, env.py and versions/, as `alembic init` makes them, less its comments. The URL is DATABASE_URL's.
void write_alembic_revisions(const fixture::TempFolder& folder, int count);

// node-pg-migrate/, in SQL.
void write_node_revisions(const fixture::TempFolder& folder, int count);

// sqitch/: sqitch.conf, sqitch.plan, deploy/.
void write_sqitch_changes(const fixture::TempFolder& folder, int count);

// For psql: BEGIN and COMMIT around the two statements of each. Returns its path.
std::filesystem::path write_psql_script(const fixture::TempFolder& folder, int count);

// For psql: one script of about that many bytes, lines of INSERT of a kilobyte each. Returns its text.
std::string large_script(std::size_t bytes);

}  // namespace slipway::bench
