#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "log/progress.h"

// The progress of `slipway run` before the launch. The main thread updates it, and the thread that answers probes reads
// it.

namespace slipway {

class Preparation {
 public:
  struct Now {
    Phase phase = Phase::waiting_for_database;
    std::string revision{};  // empty if there is none
    std::chrono::system_clock::time_point since{};
  };

  // If a revision is retried, the time counts from the first attempt.
  void enter(Phase phase, std::string_view revision);
  Now now() const;

 private:
  mutable std::mutex mutex_;
  Now now_{.since = std::chrono::system_clock::now()};
};

// {"phase":"migrating","revision":"002","since":"2026-03-01T08:15:42Z"}, without a revision if there is none. The
// words are stable: docs/probes.md has them.
std::string as_json(const Preparation::Now& now);

// Forwards progress to another Progress and to the preparation. Both must outlive it.
class PreparationProgress final : public Progress {
 public:
  PreparationProgress(Preparation& preparation, Progress& progress) : preparation_{preparation}, progress_{progress} {}

  void during(const std::string& what, std::chrono::milliseconds elapsed) override { progress_.during(what, elapsed); }
  void over() override { progress_.over(); }
  void enter(Phase phase, std::string_view revision) override {
    preparation_.enter(phase, revision);
    progress_.enter(phase, revision);
  }

 private:
  Preparation& preparation_;
  Progress& progress_;
};

}  // namespace slipway
