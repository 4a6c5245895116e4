#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "fixture/program.h"
#include "init/supervised.h"

// A real container, by the engine that the docker command reaches, with this build's programs in /programs and
// slipway-init as its entrypoint.
//
// Each has a name that tells the machine and the process of its test, so that what a killed test leaves behind is
// removed by the next.

namespace slipway::fixture {

// Whether an engine answers. Where CI is set it has to.
bool has_engine();

// The environment of the docker command: which engine it asks.
ProgramOptions client_options();

// Runs the docker command to its end, or kills it when the patience is out.
Finished docker(const std::vector<std::string>& arguments, std::chrono::seconds patience = std::chrono::minutes{3});

// The command line of `docker run` for these, from an image like debian:bookworm-slim.
struct ContainerCommand {
  std::vector<std::string> options{};       // of `docker run`
  std::vector<std::string> init_options{};  // of slipway-init
  std::vector<std::string> application;
};
std::vector<std::string> docker_run(const ContainerCommand& command);

// A name that no other container has. The container, if there is one, is removed when this is destroyed.
class ContainerName {
 public:
  ContainerName();
  ~ContainerName();
  ContainerName(const ContainerName&) = delete;
  ContainerName& operator=(const ContainerName&) = delete;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// One in the background. Removed when it is destroyed.
class Container {
 public:
  explicit Container(const ContainerCommand& command);

  Finished stop() const;  // with patience enough for an application that ends when it is told to
  Finished restart() const;
  Finished signal(std::string_view name) const;
  Finished execute(const std::vector<std::string>& command) const;

  // What `docker wait` says once it has ended.
  int wait() const;

  std::string out() const;
  std::string err() const;
  bool wait_for_out(std::string_view text) const;

 private:
  ContainerName name_;
};

}  // namespace slipway::fixture
