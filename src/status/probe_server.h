#pragma once

#include <memory>

#include "settings/listen_address.h"
#include "status/preparation.h"

// Answers an orchestrator's probes while `slipway run` prepares, at the application's later address, so that a pod that
// migrates for a long time is neither killed nor sent traffic:
//
//   GET /livez    200 and the state of the preparation
//   all else      503, Retry-After, and the same body: the application is not ready yet
//
// It has one thread, which blocks all signals, and passes no descriptor to a child. It serves a limited number of
// clients for a limited time each. If there are more, it drops the oldest.

namespace slipway {

class ProbeServer {
 public:
  // It listens when the constructor returns. Throws Error (bad_configuration) if it can't listen at the address. The
  // preparation must outlive it.
  ProbeServer(const ListenAddress& address, const Preparation& preparation);

  // Closes everything. The address is free at once, even for an application that does not set SO_REUSEADDR.
  ~ProbeServer();
  ProbeServer(const ProbeServer&) = delete;
  ProbeServer& operator=(const ProbeServer&) = delete;

 private:
  struct Parts;  // Boost.Asio's, whose headers take seconds to compile

  std::unique_ptr<Parts> parts_;
};

}  // namespace slipway
