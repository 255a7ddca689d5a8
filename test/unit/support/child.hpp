// run_in_child: what a function does to its process. It runs in a child of its own, and what that
// said on standard error and how it ended is kept. For what ends a process (a broken invariant)
// and for what is written to standard error. Call it while no other thread runs.
#pragma once

#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace claimcheck::test {

struct ChildEnd {
  std::string said;  // on standard error
  int signal = 0;    // that ended it; 0 = it returned
};

inline ChildEnd run_in_child(const std::function<void()>& function) {
  std::array<int, 2> pipe_ends{};
  if (::pipe(pipe_ends.data()) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);  // or the child would print it again
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no fork");
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);  // not the test framework's
    ::dup2(pipe_ends[1], STDERR_FILENO);
    function();
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  ChildEnd end;
  std::array<char, 4096> chunk{};
  ssize_t got = 0;
  while ((got = ::read(pipe_ends[0], chunk.data(), chunk.size())) > 0) {
    end.said.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return end;
}

}  // namespace claimcheck::test
