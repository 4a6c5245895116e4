// The exit code is the application's own, or says why there is none.

#include <array>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::Finished;
using fixture::probe;
using fixture::TempFolder;
using testing::HasSubstr;
using testing::IsEmpty;

Finished init(std::vector<std::string> arguments, const fixture::ProgramOptions& options = {}) {
  arguments.insert(arguments.begin(), "--subreaper");
  return fixture::run(fixture::slipway_init(), arguments, options);
}

std::string executable(const TempFolder& folder, const std::string& name, std::string_view text) {
  const auto file = folder.write(name, text);
  ::chmod(file.c_str(), 0755);
  return file;
}

// One line on stderr, with the code that a shell gives too.
void expect_failure(const Finished& finished, int code, const std::string& reason) {
  EXPECT_EQ(finished.exit_code, code);
  EXPECT_THAT(finished.err, HasSubstr(reason));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  EXPECT_THAT(finished.out, IsEmpty());
}

TEST(ExitCode, is_the_applications) {
  for (const int code : {0, 1, 42, 126, 127, 255})
    EXPECT_EQ(init({probe(), "exit", std::to_string(code)}).exit_code, code);
}

TEST(ExitCode, is_128_and_the_signal_that_ended_the_application) {
  for (const int signal : {SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGTERM, SIGRTMIN + 3})
    EXPECT_EQ(init({probe(), "die", std::to_string(signal)}).exit_code, 128 + signal);
}

TEST(ExitCode, is_the_same_with_a_core_dump) {
  fixture::SupervisedOptions options;
  TempFolder folder;
  const std::string place = folder.path();
  options.before_exec = [&place] {
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_CORE, &unlimited);
    [[maybe_unused]] const int result = ::chdir(place.c_str());
  };
  fixture::Supervised program{{fixture::slipway_init(), "-s", probe(), "die", std::to_string(SIGABRT)}, options};
  EXPECT_EQ(program.wait(), 128 + SIGABRT);
}

TEST(ExitCode, remapped_after_128_was_added) {
  EXPECT_EQ(init({"-e", "143", probe(), "die", "15"}).exit_code, 0);
  EXPECT_EQ(init({"-e", "143:7", "-e", "3", probe(), "die", "15"}).exit_code, 7);
  EXPECT_EQ(init({"-e", "143:7", "-e", "3", probe(), "exit", "3"}).exit_code, 0);
  EXPECT_EQ(init({"-e", "143:7", "-e", "3", probe(), "exit", "4"}).exit_code, 4);
}

TEST(ExitCode, every_one_can_be_remapped_and_no_other_is_then) {
  for (int code = 0; code < 256; code += 5) {
    const std::string text = std::to_string(code);
    EXPECT_EQ(init({"-e", text, probe(), "exit", text}).exit_code, 0);
    std::vector<std::string> others;
    for (int other = 0; other < 256; ++other)
      if (other != code) others.insert(others.end(), {"-e", std::to_string(other) + ":" + std::to_string(255 - code)});
    others.insert(others.end(), {probe(), "exit", text});
    EXPECT_EQ(init(others).exit_code, code);
  }
}

TEST(ExitCode, not_found_is_127) {
  expect_failure(init({"no-such-command"}), 127, "'no-such-command' was not found: PATH is ");
  expect_failure(init({"no-such-command"}, fixture::with({{"PATH", "/no/such"}})), 127,
                 "'no-such-command' was not found: PATH is /no/such;");
  expect_failure(init({"/no/such/command"}), 127, "'/no/such/command' does not exist");
  expect_failure(init({""}), 127, "'' does not exist");
}

TEST(ExitCode, without_permission_it_is_126) {
  TempFolder folder;
  expect_failure(init({folder.write("app", "#!/bin/sh\n")}), 126, "has no execute permission");
  expect_failure(init({folder.path()}), 126, "is a folder");
  const std::string script = executable(folder, "script", "#!" + folder.write("sh", "").string() + "\n");
  expect_failure(init({script}), 126, "its interpreter '" + (folder.path() / "sh").string() + "' is not executable");
}

TEST(ExitCode, with_a_bad_interpreter_it_is_126) {
  TempFolder folder;
  expect_failure(init({executable(folder, "a", "#!/usr/bin/pyton3 -u\n")}), 126,
                 "its interpreter '/usr/bin/pyton3' does not exist");
  expect_failure(init({executable(folder, "b", "#!/bin/sh\r\necho\r\n")}), 126, "ends in a carriage return");
}

// What execve looks at of an ELF file: its header, and the loader it asks for.
std::string elf(Elf64_Half machine, const std::string& loader) {
  Elf64_Ehdr header{};
  std::copy_n(ELFMAG, SELFMAG, header.e_ident);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = machine;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  Elf64_Phdr part{};
  part.p_type = PT_INTERP;
  part.p_offset = sizeof header + sizeof part;
  part.p_filesz = loader.size() + 1;
  std::string file(part.p_offset, '\0');
  std::copy_n(reinterpret_cast<const char*>(&header), sizeof header, file.begin());
  std::copy_n(reinterpret_cast<const char*>(&part), sizeof part, file.begin() + sizeof header);
  return file + loader + '\0';
}

TEST(ExitCode, for_another_machine_it_is_126) {
  TempFolder folder;
  const std::string file = executable(folder, "app", elf(EM_S390, "/lib/ld64.so.1"));
  expect_failure(init({file}), 126, "it is a program for s390x, and this machine is ");
}

TEST(ExitCode, for_another_c_library_it_is_126) {
  TempFolder folder;
  const std::string probe_file = fixture::read_file(probe());
  const auto machine = static_cast<Elf64_Half>(static_cast<unsigned char>(probe_file[18]) |
                                               static_cast<unsigned char>(probe_file[19]) << 8);
  expect_failure(init({executable(folder, "app", elf(machine, "/lib/ld-of-none.so.1"))}), 126,
                 "its program loader '/lib/ld-of-none.so.1' does not exist");
}

TEST(ExitCode, a_script_without_an_interpreter_line_runs) {
  TempFolder folder;
  EXPECT_EQ(init({executable(folder, "app", "exit $1\n"), "5"}).exit_code, 5);
}

TEST(ExitCode, the_search_in_path_goes_on_after_what_cant_be_executed) {
  TempFolder folder;
  const std::string first = folder.write("first/app", "exit 1").parent_path();
  const std::string second =
      std::filesystem::path{executable(folder, "second/app", "#!/bin/sh\nexit 6\n")}.parent_path();
  EXPECT_EQ(init({"app"}, fixture::with({{"PATH", "/no/such:" + first + ":" + second}})).exit_code, 6);
  expect_failure(init({"app"}, fixture::with({{"PATH", "/no/such:" + first}})), 126,
                 "'" + first + "/app' can't be executed: it has no execute permission");
}

TEST(ExitCode, a_folder_that_is_not_there_is_named) {
  expect_failure(init({"--cwd=/no/such/folder", "true"}), 126,
                 "can't start the application in '/no/such/folder': No such file or directory");
}

}  // namespace
}  // namespace slipway
