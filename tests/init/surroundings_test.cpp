// Poor surroundings: what a container may lack, and what the init itself holds.

#include <cerrno>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::slipway_init;
using fixture::Supervised;
using fixture::SupervisedOptions;
using testing::HasSubstr;
using Namespace = SupervisedOptions::Namespace;

std::string descriptors_of(pid_t process) {
  std::string text;
  for (int descriptor = 0; descriptor < 64; ++descriptor)
    if (std::filesystem::exists(
            std::filesystem::symlink_status("/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor))))
      text += " " + std::to_string(descriptor);
  return text;
}

TEST(Surroundings, the_init_keeps_no_folder_and_no_descriptor_and_the_application_what_it_was_given) {
  const fixture::TempFolder folder;
  const std::string place = folder.path();
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c", "\"$0\" state; sleep 60", probe()},
                     {.before_exec = [&place] {
                       [[maybe_unused]] const int result = ::chdir(place.c_str());
                       // Whoever runs the tests may have left some open.
                       ::close_range(3, ~0U, 0);
                       ::dup2(STDIN_FILENO, 7);
                     }}};
  ASSERT_TRUE(program.wait_for_out("parent "));
  EXPECT_THAT(program.out(), HasSubstr("descriptors 0 1 2 7\n"));
  EXPECT_THAT(program.out(), HasSubstr("folder " + place + "\n"));
  // It lets go of them once the application runs, which may have been quicker.
  EXPECT_TRUE(Supervised::wait_until([&] { return descriptors_of(program.pid()) == " 0 1 2"; }));
  const auto init_folder = "/proc/" + std::to_string(program.pid()) + "/cwd";
  EXPECT_TRUE(Supervised::wait_until([&] { return std::filesystem::read_symlink(init_folder) == "/"; }));
}

TEST(Surroundings, the_working_directory_can_be_given) {
  const auto finished = fixture::run(slipway_init(), {"-s", "--cwd", "/usr/bin", "./pwd"});
  EXPECT_EQ(finished.out, "/usr/bin\n");
}

TEST(Surroundings, sockets_that_are_passed_on_are_the_applications) {
  Supervised program{
      {"/bin/sh", "-c", R"(LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" -s "$1" state)", slipway_init(), probe()}};
  EXPECT_EQ(program.wait(), 0);
  const std::string out = program.out();
  const auto pid = out.substr(out.find("\npid ") + 5, out.find("\nparent") - out.find("\npid ") - 5);
  EXPECT_THAT(out, HasSubstr("LISTEN_PID " + pid + "\n"));
}

TEST(Surroundings, sockets_for_another_process_stay_so) {
  const auto finished = fixture::run(slipway_init(), {"-s", probe(), "state"}, fixture::with({{"LISTEN_PID", "1"}}));
  EXPECT_THAT(finished.out, HasSubstr("LISTEN_PID 1\n"));
}

TEST(Surroundings, closed_descriptors_stay_closed) {
  Supervised program{{slipway_init(), "-s", "--user", std::to_string(::getuid()), "/bin/sh", "-c", "kill -USR1 $$"},
                     {.before_exec = [] {
                       for (int descriptor = 0; descriptor < 3; ++descriptor)
                         ::close(descriptor);
                     }}};
  EXPECT_EQ(program.wait(), 128 + SIGUSR1);
}

TEST(Surroundings, pid_1_on_a_read_only_root_without_proc) {
  if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  if (!fixture::runs_without_proc) GTEST_SKIP() << "needs /proc itself";
  Supervised program{{slipway_init(), probe(), "signals"},
                     {.pid_namespace = Namespace::pid_without_proc, .before_exec = [] {
                        ::mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr);
                        ::mount("none", "/dev", "tmpfs", MS_RDONLY, nullptr);
                      }}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(), "");
}

// As an older Docker answers what its profile does not know: EPERM (moby's default profile before 20.10).
TEST(Surroundings, newer_system_calls_may_be_forbidden) {
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c", "kill -USR1 $$"}, {.before_exec = [] {
                       const auto forbid = [](unsigned call) {
                         sock_filter rules[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
                                                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
                                                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
                                                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
                         const sock_fprog program{.len = 4, .filter = rules};
                         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
                         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
                       };
                       ::dup2(STDIN_FILENO, 9);
                       forbid(SYS_close_range);
                       forbid(SYS_clone3);
                       forbid(SYS_pwritev2);
                       forbid(SYS_rseq);
                     }}};
  EXPECT_EQ(program.wait(), 128 + SIGUSR1);
}

TEST(Surroundings, little_memory_is_enough) {
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c", "exit 3"}, {.before_exec = [] {
                       const rlimit little{.rlim_cur = 8 << 20, .rlim_max = 8 << 20};
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
                       ::setrlimit(RLIMIT_AS, &little);
#else
                       static_cast<void>(little);
#endif
                     }}};
  EXPECT_EQ(program.wait(), 3);
}

TEST(Surroundings, no_further_process_is_a_clear_error) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs a user of its own, to count its processes";
  // A leak check makes a process too.
  Supervised program{{slipway_init(), "-s", "/bin/true"},
                     {.environment = {{"ASAN_OPTIONS", "detect_leaks=0"}}, .before_exec = [] {
                        const rlimit none{.rlim_cur = 0, .rlim_max = 0};
                        ::setrlimit(RLIMIT_NPROC, &none);
                        if (::setgid(54321) != 0 || ::setuid(54321) != 0) ::_exit(98);
                      }}};
  EXPECT_EQ(program.wait(), 126);
  EXPECT_EQ(
      program.err(),
      "slipway-init: can't start the application: the limit on processes is reached: raise the limit: RLIMIT_NPROC "
      "(ulimit -u) or the container's (--pids-limit)\n");
}

// A shell's `trap '' CHLD` and Python 2 leave it so; the kernel would then throw the exit status away.
TEST(Surroundings, an_ignored_sigchld_costs_no_exit_status) {
  Supervised program{{slipway_init(), "-s", probe(), "exit", "7"}, {.ignored = {SIGCHLD}}};
  EXPECT_EQ(program.wait(), 7);
}

TEST(Surroundings, children_from_before_are_reaped_too) {
  Supervised program{{"/bin/sh", "-c", R"(sleep 0.05 & exec "$0" -s -w "$1" exit 7)", slipway_init(), probe()}};
  EXPECT_EQ(program.wait(), 7);
}

TEST(Surroundings, the_environment_is_handed_on_as_it_is) {
  Supervised program{{slipway_init(), "-s", "/usr/bin/env"}, {.environment = {{"SLIPWAY_INIT_LINGER", "5s"}}}};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("LC_ALL=C\n"));
  EXPECT_THAT(program.out(), HasSubstr("SLIPWAY_INIT_LINGER=5s\n"));
}

}  // namespace
}  // namespace slipway
