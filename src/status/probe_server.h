#pragma once

#include <memory>

#include "settings/listen_address.h"
#include "status/preparation.h"

// Answers an orchestrator's probes while `slipway run` prepares, at the address of the application. Thus a pod with a
// long migration is not killed and gets no traffic:
//
//   GET /livez    200 and the state of the preparation
//   all else      503, Retry-After, and the same body: the application is not ready yet
//
// It has one thread, which receives no signals. Child processes inherit none of its descriptors. It serves a limited
// number of clients, each for a short time; if there are more, it closes the oldest connection.

namespace slipway {

class ProbeServer {
 public:
  // Listens when this returns. Throws Error (bad_configuration) if it can't listen at the address. The preparation must
  // outlive it.
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
