// ChildProcess: another program that runs only as long as this process. It reads its input from
// standard input. Of our environment it gets only PATH, and of our descriptors only those named. It
// has a session of its own, so a Ctrl-C in the terminal does not reach it. The kernel sends it
// SIGTERM when the thread that started it ends, for any reason. Blocking; only for start and stop.
// `clock` is the machine's, since another program takes real time. It outlives the object.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace claimcheck {

struct ChildProgram {
  std::string path;
  std::vector<std::string> arguments;
  std::string input;   // at most 4096 bytes, so that a pipe holds it
  int output = -1;     // becomes its standard output and error
  int inherited = -1;  // one more descriptor it holds open until it ends, or -1
};

class ChildProcess {
 public:
  // Errors: unavailable when there is no pipe or no new process. A program that cannot be executed
  // is no error here: the child ends at once.
  static Result<std::unique_ptr<ChildProcess>> start(const ChildProgram& program,
                                                     const Clock& clock);
  // Takes over a child that was just forked; start() is the way to get one.
  ChildProcess(pid_t pid, const Clock& clock) : pid_(pid), clock_(clock) {}
  // end() with a patience of 30 s.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int pid() const { return pid_; }
  bool running();
  // True when it ended by itself within that time.
  bool ended_within(Duration limit);
  // SIGTERM; SIGKILL when it has not ended in time. Returns when it is gone.
  void end(Duration patience);

 private:
  pid_t pid_;
  const Clock& clock_;
  bool ended_ = false;
};

// The absolute path of the first of these programs that PATH offers, or an empty text.
std::string find_program(const std::vector<std::string>& names);

}  // namespace claimcheck
