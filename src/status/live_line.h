#pragma once

#include <string>

#include "log/progress.h"
#include "settings/settings.h"

// The line at the bottom of a terminal that shows what slipway is doing, and for how long. There is none if stderr is
// not a terminal or the log's format is not text.

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

// Decides whether the line is shown: on a capable terminal, with the text log.
LiveLine::Where live_line_place(const Settings& settings);

}  // namespace slipway
