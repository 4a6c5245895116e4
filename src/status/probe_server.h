#pragma once

#include <memory>

#include "settings/listen_address.h"
#include "status/preparation.h"

// Answers an orchestrator's probes while `slipway run` prepares, at the address that the application will have, so that
// a pod that migrates for long is neither killed nor sent traffic:
//
//   GET /livez    200 and what the preparation is at
//   all else      503, Retry-After, and the same: the application is not there yet
//
// It has one thread, which takes no signal, and hands no descriptor on to a child. It serves a bounded number of
// clients and gives each little time; the oldest has to go if there are more.

namespace slipway {

class ProbeServer {
 public:
  // Listens when this returns. Throws Error (bad_configuration) if the address can't be had. The preparation
  // outlives it.
  ProbeServer(const ListenAddress& address, const Preparation& preparation);

  // Closes everything: the address is free at once, also for an application that does not set SO_REUSEADDR.
  ~ProbeServer();
  ProbeServer(const ProbeServer&) = delete;
  ProbeServer& operator=(const ProbeServer&) = delete;

 private:
  struct Parts;  // Boost.Asio's, whose headers take seconds to compile

  std::unique_ptr<Parts> parts_;
};

}  // namespace slipway
