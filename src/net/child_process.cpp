#include "net/child_process.hpp"

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
constexpr std::string_view pid_digits = "0000000000";

// Everything that the child needs between fork and exec. It is made before the fork, since the
// child may not allocate.
struct Prepared {
  const char* path;
  char* const* arguments;
  char* const* environment;
  int input;
  int output;
  const std::vector<int>& inherited;  // none of them is one of those that they become
  char* own_pid;                      // digits in the environment, or null
  pid_t parent;
};

void print_pid(char* digits) {
  pid_t rest = getpid();
  for (std::size_t i = pid_digits.size(); i-- > 0; rest /= 10) {
    digits[i] = static_cast<char>('0' + rest % 10);
  }
}

// Runs in the child. Only async-signal-safe calls: another thread of the parent may have held any
// lock at the moment of the fork.
[[noreturn]] void become(const Prepared& child) {
  // Our own handler must not consume the SIGTERM of the next line before the other program runs.
  ::signal(SIGTERM, SIG_DFL);
  // The parent may have died before prctl; then no signal comes any more.
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != child.parent) _exit(126);
  setsid();    // a Ctrl-C in our terminal must reach only us; we end the child
  umask(077);  // no other user may read its files
  // The child would inherit our blocked and ignored signals through exec.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGXFSZ, SIG_DFL);
  const bool own_output = child.output >= 0;
  if (dup2(child.input, STDIN_FILENO) < 0 ||
      (own_output && dup2(child.output, STDOUT_FILENO) < 0) ||
      (own_output && dup2(child.output, STDERR_FILENO) < 0)) {
    _exit(126);
  }
  int next = inherited_fd;
  for (const int each : child.inherited) {
    if (dup2(each, next) != next) _exit(126);
    ++next;
  }
  if (child.own_pid != nullptr) print_pid(child.own_pid);
  // Also our sockets: a child that holds the listening one would keep the port in use.
  close_range(static_cast<unsigned>(next), UINT_MAX, 0);
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
  std::vector<std::string> environment = program.environment;
  if (environment.empty()) environment.push_back(fmt::format("PATH={}", search_path()));
  char* own_pid = nullptr;
  if (!program.inherited_names.empty()) {
    // Ours are of what we were given ourselves.
    std::erase_if(environment, [](const std::string& each) { return each.starts_with("LISTEN_"); });
    environment.push_back(fmt::format("LISTEN_FDS={}", program.inherited.size()));
    environment.push_back(fmt::format("LISTEN_FDNAMES={}", program.inherited_names));
    environment.push_back(fmt::format("LISTEN_PID={}", pid_digits));
    own_pid = environment.back().data() + environment.back().size() - pid_digits.size();
  }
  const auto first_free = inherited_fd + static_cast<int>(program.inherited.size());
  std::vector<Descriptor> held;
  std::vector<int> inherited;
  for (const int each : program.inherited) {
    held.emplace_back(fcntl(each, F_DUPFD_CLOEXEC, first_free));
    if (!held.back()) return fail(Errc::unavailable, fmt::format("dup: {}", std::strerror(errno)));
    inherited.push_back(held.back().get());
  }
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> environment_pointers = pointers(environment);
  const Prepared child{.path = program.path.c_str(),
                       .arguments = argument_pointers.data(),
                       .environment = environment_pointers.data(),
                       .input = input.get(),
                       .output = program.output,
                       .inherited = inherited,
                       .own_pid = own_pid,
                       .parent = getpid()};
  const pid_t pid = fork();
  if (pid < 0) return fail(Errc::unavailable, fmt::format("fork: {}", std::strerror(errno)));
  if (pid == 0) become(child);
  return std::make_unique<ChildProcess>(pid, clock);
}

ChildProcess::~ChildProcess() { end(end_patience); }

bool ChildProcess::running() {
  if (ended_) return false;
  const pid_t seen = waitpid(pid_, &status_, WNOHANG);
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
  waitpid(pid_, &status_, 0);
  ended_ = true;
}

void ChildProcess::signal(int number) {
  if (running()) kill(pid_, number);
}

int ChildProcess::exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

std::string ChildProcess::how_ended() const {
  if (WIFSIGNALED(status_)) return fmt::format("signal {}", WTERMSIG(status_));
  return fmt::format("code {}", exit_code());
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
