#include "net/redis/child_process.hpp"

#include "base/assert.hpp"
#include "net/descriptor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace claimcheck {

namespace {

constexpr auto end_patience = std::chrono::seconds(30);
constexpr int look_every_ms = 10;
constexpr int inherited_fd = 3;

// Everything that the child needs between fork and exec. It is made before the fork, since the
// child may not allocate.
struct Prepared {
  const char* path;
  char* const* arguments;
  char* const* environment;
  int input;
  int output;
  int inherited;
  pid_t parent;
};

// Runs in the child. Only async-signal-safe calls: another thread of the parent may have held any
// lock at the moment of the fork.
[[noreturn]] void become(const Prepared& child) {
  // Our own handler must not consume the SIGTERM of the next line before the other program runs.
  signal(SIGTERM, SIG_DFL);
  // The parent may have died before prctl; then no signal comes any more.
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != child.parent) _exit(126);
  setsid();    // a Ctrl-C in our terminal must reach only us; we end the child
  umask(077);  // no other user may read its files
  // The child would inherit our blocked and ignored signals through exec.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  if (dup2(child.input, STDIN_FILENO) < 0 || dup2(child.output, STDOUT_FILENO) < 0 ||
      dup2(child.output, STDERR_FILENO) < 0) {
    _exit(126);
  }
  unsigned first_closed = inherited_fd;
  if (child.inherited >= 0) {
    // dup2 of a descriptor onto itself would keep close-on-exec.
    const bool kept = child.inherited == inherited_fd
                          ? fcntl(inherited_fd, F_SETFD, 0) == 0
                          : dup2(child.inherited, inherited_fd) == inherited_fd;
    if (!kept) _exit(126);
    ++first_closed;
  }
  // Also our sockets: a child that holds the listening one would keep the port in use.
  close_range(first_closed, UINT_MAX, 0);
  execve(child.path, child.arguments, child.environment);
  _exit(127);
}

// A pipe that holds the whole text already, its writing end closed. So no thread has to write while
// the child reads.
Descriptor filled_pipe(const std::string& text) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const ssize_t written = write(to.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) return {};
  return from;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::string_view search_path() {
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const ChildProgram& program,
                                                          const Clock& clock) {
  ENSURE(program.input.size() <= PIPE_BUF);
  const Descriptor input = filled_pipe(program.input);
  if (!input) return fail(Errc::unavailable, fmt::format("pipe: {}", std::strerror(errno)));
  std::vector<std::string> arguments = program.arguments;
  arguments.insert(arguments.begin(), program.path);
  std::vector<std::string> environment{fmt::format("PATH={}", search_path())};
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> environment_pointers = pointers(environment);
  const Prepared child{.path = program.path.c_str(),
                       .arguments = argument_pointers.data(),
                       .environment = environment_pointers.data(),
                       .input = input.get(),
                       .output = program.output,
                       .inherited = program.inherited,
                       .parent = getpid()};
  const pid_t pid = fork();
  if (pid < 0) return fail(Errc::unavailable, fmt::format("fork: {}", std::strerror(errno)));
  if (pid == 0) become(child);
  return std::make_unique<ChildProcess>(pid, clock);
}

ChildProcess::~ChildProcess() { end(end_patience); }

bool ChildProcess::running() {
  if (ended_) return false;
  const pid_t seen = waitpid(pid_, nullptr, WNOHANG);
  // ECHILD: another part of this process has reaped it. The pid may belong to another process now.
  ended_ = seen == pid_ || (seen < 0 && errno == ECHILD);
  return !ended_;
}

bool ChildProcess::ended_within(Duration limit) {
  const Duration deadline = clock_.steady() + limit;
  while (running()) {
    if (clock_.steady() >= deadline) return false;
    poll(nullptr, 0, look_every_ms);  // waitpid has no time-out
  }
  return true;
}

void ChildProcess::end(Duration patience) {
  if (!running()) return;
  kill(pid_, SIGTERM);
  if (ended_within(patience)) return;
  // A child that ignores SIGTERM must not block our own end.
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  ended_ = true;
}

std::string find_program(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::string_view left = search_path();
    while (!left.empty()) {
      const std::size_t end = std::min(left.find(':'), left.size());
      const std::string candidate = fmt::format("{}/{}", left.substr(0, end), name);
      if (candidate.front() == '/' && access(candidate.c_str(), X_OK) == 0) return candidate;
      left.remove_prefix(std::min(end + 1, left.size()));
    }
  }
  return {};
}

}  // namespace claimcheck
