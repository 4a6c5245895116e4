#include "process/process_tree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wait.h"
#include "error/error.h"
#include "process/argument_list.h"
#include "process/tree_supervisor.h"
#include "process/unexecutable.h"

namespace slipway {
namespace {

Error not_started(const std::string& what) {
  return {ExitCode::internal, "can't start a process: " + what + ": " + std::strerror(errno),
          "check the limits on processes and memory"};
}

std::vector<std::string> with_program(const ProcessTree::Command& command) {
  std::vector<std::string> arguments{command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  return arguments;
}

// Above the standard descriptors, which the supervisor redirects to /dev/null, in case slipway was started without
// them.
Descriptor past_standard(int descriptor) {
  return Descriptor{::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
}

int to_exit_code(int status) {
  return WIFSIGNALED(status) ? static_cast<int>(killed_by(WTERMSIG(status))) : WEXITSTATUS(status);
}

}  // namespace

ProcessTree::ProcessTree(const Command& command) : program_{command.program} {
  const ArgumentList arguments{with_program(command)};
  const ArgumentList environment{command.environment};
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw not_started("socketpair");
  line_.reset(ends[0]);
  const Descriptor other_end{ends[1]};
  const Descriptor line = past_standard(other_end.number());
  const Descriptor output = past_standard(command.output);
  std::vector<Descriptor> copies;
  std::vector<int> held;
  for (const int descriptor : command.held)
    held.push_back(copies.emplace_back(past_standard(descriptor)).number());
  if (!line || !output || std::ranges::find(held, -1) != held.end()) throw not_started("fcntl");
  const TreeSupervision supervision{.program = program_.c_str(),
                                    .arguments = arguments.data(),
                                    .environment = environment.data(),
                                    .mask = command.mask,
                                    .output = output.number(),
                                    .held = held,
                                    .patience = command.patience,
                                    .line = line.number()};
  supervisor_ = ::fork();
  if (supervisor_ == 0) supervise_tree(supervision);
  if (supervisor_ < 0) throw not_started("fork");
}

ProcessTree::~ProcessTree() {
  if (!is_over_) stop(SIGTERM);
  while (!is_over_) {
    wait({readable(descriptor())}, Deadline::never());
    try {
      event();
    } catch (const Error&) {
      continue;  // it could not be started; its end is the next event
    }
  }
}

std::optional<ProcessTree::Event> ProcessTree::event() {
  if (is_over_) return std::nullopt;
  TreeReport report{};
  const ssize_t size = ::recv(descriptor(), &report, sizeof report, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (size != sizeof report) {
    end();
    return Event::over;
  }
  switch (report.what) {
    case TreeReport::What::started:
      command_ = report.value;
      return event();
    case TreeReport::What::not_executable:
      throw unexecutable(program_, report.value);
    case TreeReport::What::command_ended:
      exit_code_ = to_exit_code(report.value);
      return Event::command_ended;
    case TreeReport::What::left_behind:
      return Event::left_behind;
    case TreeReport::What::killed:
      return Event::killed;
  }
  return std::nullopt;
}

void ProcessTree::stop(int signal) {
  ::send(descriptor(), &signal, sizeof signal, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void ProcessTree::end() {
  is_over_ = true;
  int status = 0;
  while (::waitpid(supervisor_, &status, 0) < 0 && errno == EINTR) {
  }
  // The supervisor was killed. The command was killed with it, and only its group can still be found.
  if (WIFSIGNALED(status) && command_ > 0) ::kill(-command_, SIGKILL);
}

}  // namespace slipway
