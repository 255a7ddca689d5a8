// ChildProcess: another program that runs only as long as we do. It gets its input on standard
// input, sees none of our environment but PATH and none of our descriptors but those named, sits
// in a session of its own (Ctrl-C in the terminal is ours alone) and gets SIGTERM from the kernel
// when the thread that started it ends, however that happens. Blocking; for start and stop only.
// `clock` is the machine's: another program takes real time. It outlives the object.
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
