#include "measure/noise.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <thread>

#include "measure/process.h"

namespace slipway::bench {
namespace {

// proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
struct Ticks {
  double busy = 0;
  double all = 0;
};

Ticks ticks() {
  std::ifstream file{"/proc/stat"};
  std::string cpu;
  std::array<double, 8> fields{};
  file >> cpu;
  for (double& field : fields)
    file >> field;
  const double all = std::accumulate(fields.begin(), fields.end(), 0.0);
  return {.busy = all - fields[3] - fields[4], .all = all};
}

constexpr int probes_a_round = 5;
constexpr double quiet_share = 0.05;
constexpr double much_longer = 1.2;

}  // namespace

void Noise::probe() {
  const Ticks before = ticks();
  std::this_thread::sleep_for(std::chrono::milliseconds{40});
  const Ticks after = ticks();
  busy_ticks_ += after.busy - before.busy;
  all_ticks_ += after.all - before.all;
  for (int i = 0; i < probes_a_round; ++i) {
    const double begin = now_s();
    volatile std::uint64_t state = 1;
    for (int step = 0; step < 400'000; ++step)
      state = state * 6364136223846793005U + 1442695040888963407U;
    work_.samples.push_back(now_s() - begin);
  }
}

double Noise::share_of_others() const {
  return all_ticks_ == 0 ? 0 : busy_ticks_ / all_ticks_;
}

bool Noise::noisy() const {
  return share_of_others() > quiet_share || work_.quantile(0.8) > much_longer * work_.quantile(0.1);
}

}  // namespace slipway::bench
