#pragma once

#include <string>

#include "log/progress.h"
#include "settings/settings.h"

// The line at the bottom of a terminal that says what is running and for how long. There is none if stderr is not a
// terminal or the log is JSON.

namespace slipway {

class LiveLine final : public Progress {
 public:
  enum class Where { terminal, nowhere };

  explicit LiveLine(Where where) : where_{where} {}
  ~LiveLine() override { over(); }
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  void during(const std::string& what, std::chrono::milliseconds elapsed) override;
  void over() override;
  void enter(Phase /*phase*/, std::string_view /*revision*/) override {}

 private:
  Where where_;
  bool shown_ = false;
};

// Whether the user's stderr can show it.
LiveLine::Where live_line_place(const Settings& settings);

}  // namespace slipway
