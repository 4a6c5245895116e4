// Runs a command and writes the most memory that it had resident, in kB, into a file:
//
//   peak_memory FILE PROGRAM [ARGUMENT…]
//
// ru_maxrss (getrusage(2)) counts the memory that a process had before it called execve(2), which is this program's:
// hence it is static and small.

#include <cstdio>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char* arguments[]) {
  if (count < 3) return 64;
  const pid_t child = ::fork();
  if (child < 0) return 71;
  if (child == 0) {
    ::execv(arguments[2], arguments + 2);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  std::FILE* file = std::fopen(arguments[1], "w");
  if (file == nullptr) return 73;
  std::fprintf(file, "%ld\n", usage.ru_maxrss);
  std::fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
