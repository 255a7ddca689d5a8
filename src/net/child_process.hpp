// ChildProcess: another program that runs only as long as this process. It reads its input from
// standard input. Of our descriptors it gets only those named, and of our environment only PATH if
// none is given. It has a session of its own, so a Ctrl-C in the terminal does not reach it. The
// kernel sends it SIGTERM when the thread that started it ends, for any reason. Blocking; only for
// start and stop. `clock` is the machine's, since another program takes real time. It outlives the
// object.
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
  std::vector<std::string> environment = {};  // "NAME=value"
  std::string input = {};                     // at most 4096 bytes, so that a pipe holds it
  int output = -1;                            // becomes its standard output and error; -1 = ours
  std::vector<int> inherited = {};            // become its descriptors 3, 4, …
  // Of what is inherited, as sd_listen_fds(3) reads it: with colons between; empty = not told.
  std::string inherited_names = {};
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
  // How it ended, for people: "code 2", "signal 9"; and its code, -1 after a signal. Once it has.
  std::string how_ended() const;
  int exit_code() const;
  // True when it ended by itself within that time.
  bool ended_within(Duration limit);
  void signal(int number);
  // SIGTERM; SIGKILL when it has not ended in time. Returns when it is gone.
  void end(Duration patience);

 private:
  pid_t pid_;
  const Clock& clock_;
  bool ended_ = false;
  int status_ = 0;  // as of waitpid
};

// The absolute path of the first of these programs that PATH offers, or an empty text.
std::string find_program(const std::vector<std::string>& names);

}  // namespace claimcheck
