#pragma once

#include <memory>
#include <string>

#include "fixture/postgres.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"

// A real PgBouncer before a server, on a unix socket of its own.

namespace slipway::fixture {

class Pooler {
 public:
  // `mode` is "transaction" or "session"; `settings` are further lines of its configuration.
  Pooler(const Postgres& server, const std::string& mode, const std::string& settings = "");

  // With libpq's parameters, as an application would have it.
  std::string url(const std::string& database) const;
  std::string err() const { return program_->err(); }

 private:
  TempFolder folder_;
  std::unique_ptr<Program> program_;
};

}  // namespace slipway::fixture
