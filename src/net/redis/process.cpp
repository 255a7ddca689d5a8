#include "net/redis/process.hpp"

#include "base/crypto.hpp"
#include "net/child_process.hpp"
#include "net/descriptor.hpp"
#include "net/redis/redis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace claimcheck {

namespace {

constexpr auto start_patience = std::chrono::seconds(60);  // it reads the whole AOF first
constexpr auto probe_patience = std::chrono::seconds(1);
constexpr int look_every_ms = 10;
constexpr int port_attempts = 5;
constexpr std::size_t password_bytes = 32;
constexpr std::size_t log_tail_bytes = 4096;

std::string because(const std::string& path) {
  return fmt::format("{}: {}", path, std::strerror(errno));
}

// A user who may write to this directory could replace redis.url or the orders. We do not change
// its mode: by mistake it may be /tmp.
std::string objection(const std::string& directory) {
  struct stat found{};
  if (stat(directory.c_str(), &found) != 0) return because(directory);
  if ((found.st_mode & S_IWOTH) == 0) return {};
  return fmt::format("everybody may write to {}: chmod 700 it, or name a folder in it", directory);
}

// Locks the lock file of the directory. The child inherits the lock, and holds it as long as it
// lives.
Result<Descriptor> lock_directory(const std::string& directory, const Clock& clock,
                                  Duration patience) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), ignored);
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(Errc::invalid, because(directory));
  }
  if (const std::string why = objection(directory); !why.empty()) return fail(Errc::invalid, why);
  const std::string path = directory + "/lock";
  Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fail(Errc::invalid, because(path));
  const Duration deadline = clock.steady() + patience;
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail(Errc::invalid, because(path));
    if (clock.steady() >= deadline) {
      return fail(Errc::conflict, fmt::format("data directory {} is in use by another process "
                                              "(or by the Redis of one that just ended)",
                                              directory));
    }
    poll(nullptr, 0, look_every_ms);
  }
  return lock;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// A port that was free a moment ago; 0 = none. If another program takes it first, start() tries
// again.
std::uint16_t free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (!socket || bind(socket.get(), plain, size) != 0) return 0;
  return getsockname(socket.get(), plain, &size) == 0 ? ntohs(address.sin_port) : 0;
}

// Plain blocking sockets, since there is no event loop yet. The whole answer is compared: another
// program may have taken the port, and its answer is different.
bool answers_ping(std::uint16_t port, const Secret& password) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return false;
  const timeval patience{.tv_sec = probe_patience.count(), .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const sockaddr_in address = loopback(port);
  const auto* plain = reinterpret_cast<const sockaddr*>(&address);
  if (connect(socket.get(), plain, sizeof address) != 0) return false;
  const std::string ask = fmt::format("AUTH {}\r\nPING\r\n", password.reveal());
  if (send(socket.get(), ask.data(), ask.size(), MSG_NOSIGNAL) < 0) return false;
  constexpr std::string_view wanted = "+OK\r\n+PONG\r\n";
  std::string answer;
  while (answer.size() < wanted.size() && wanted.starts_with(answer)) {
    char bytes[64];
    const ssize_t got = recv(socket.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    answer.append(bytes, static_cast<std::size_t>(got));
  }
  return answer == wanted;
}

// A text in the syntax of redis.conf; a path may hold any character.
std::string config_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const bool plain = c >= ' ' && c != '"' && c != '\\' && c != '\x7f';
    if (plain) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return result + '"';
}

// No snapshots: only the AOF keeps our promises. No eviction: every key is an order. `always`: an
// answered write survives a power cut.
std::string configuration(const std::string& directory, std::uint16_t port,
                          const Secret& password) {
  return fmt::format(
      "bind 127.0.0.1\n"
      "port {}\n"
      "protected-mode yes\n"
      "requirepass {}\n"
      "dir {}\n"
      "appendonly yes\n"
      "appendfsync always\n"
      "save \"\"\n"
      "maxmemory-policy noeviction\n"
      "daemonize no\n"
      "loglevel warning\n"
      "logfile {}\n",
      port, password.reveal(), config_text(directory), config_text(directory + "/redis.log"));
}

// The text that the child wrote to its log since `from`, at most the last few kilobytes.
std::string log_since(int log, off_t from) {
  const off_t size = lseek(log, 0, SEEK_END);
  const off_t start = std::max(from, size - static_cast<off_t>(log_tail_bytes));
  if (size <= start) return {};
  std::string text(static_cast<std::size_t>(size - start), '\0');
  const ssize_t got = pread(log, text.data(), text.size(), start);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

std::string last_line(const std::string& text) {
  const std::size_t before = text.rfind('\n');
  return before == std::string::npos ? text : text.substr(before + 1);
}

// Written to another file and renamed: a reader finds the whole URL or none, and the file is never
// readable for others.
bool write_url_file(const std::string& path, const std::string& url) {
  const std::string aside = path + ".new";
  // A process that was killed may have left this file; O_EXCL would then fail for ever.
  unlink(aside.c_str());
  const Descriptor file(open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const std::string line = url + '\n';
  return file && write(file.get(), line.data(), line.size()) == std::ssize(line) &&
         rename(aside.c_str(), path.c_str()) == 0;
}

std::string url_file(const std::string& directory) { return directory + "/redis.url"; }

}  // namespace

struct RedisProcess::State {
  explicit State(const Clock& c) : clock(c) {}

  const Clock& clock;
  std::string directory;
  Descriptor lock;  // before the child: released after its end
  Descriptor log;
  Secret password;
  std::uint16_t port = 0;
  std::string url;
  std::unique_ptr<ChildProcess> child;

  Result<void> start(const std::string& program);
  bool comes_up();
};

// Waits until the child serves; false when it ended or takes too long.
bool RedisProcess::State::comes_up() {
  const Duration deadline = clock.steady() + start_patience;
  while (clock.steady() < deadline) {
    // Checked first: after the end of the child another program may answer on its port.
    if (!child->running()) return false;
    if (answers_ping(port, password)) return true;
    poll(nullptr, 0, look_every_ms);
  }
  return false;
}

Result<void> RedisProcess::State::start(const std::string& program) {
  std::string said;
  // Only a port that is in use is worth another try. Any other error would repeat.
  for (int attempt = 0; attempt < port_attempts; ++attempt) {
    port = free_port();
    // The log also has the lines of earlier children: only those after this place belong to this
    // one.
    const off_t log_start = lseek(log.get(), 0, SEEK_END);
    auto started = ChildProcess::start({.path = program,
                                        .arguments = {"-"},
                                        .input = configuration(directory, port, password),
                                        .output = log.get(),
                                        .inherited = {lock.get()}},
                                       clock);
    if (!started) return fail(started);
    child = std::move(*started);
    if (comes_up()) return {};
    if (child->running()) {
      return fail(Errc::unavailable, fmt::format("{} did not answer within {} s; see {}/redis.log",
                                                 program, start_patience.count(), directory));
    }
    said = log_since(log.get(), log_start);
    if (said.find("Address already in use") == std::string::npos) break;
  }
  return fail(Errc::unavailable, fmt::format("{} ended at its start: {}", program,
                                             said.empty() ? "no word why" : last_line(said)));
}

Result<std::unique_ptr<RedisProcess>> RedisProcess::start(const std::string& directory,
                                                          const Clock& clock,
                                                          Duration lock_patience) {
  const std::string program = find_program({"redis-server", "valkey-server"});
  if (program.empty()) {
    return fail(Errc::not_found, "neither redis-server nor valkey-server is on PATH");
  }
  auto state = std::make_unique<State>(clock);
  state->directory = std::filesystem::absolute(directory).lexically_normal().string();
  if (state->directory.ends_with('/')) state->directory.pop_back();
  // Locked before anything is written there: two servers on one AOF would destroy it.
  auto lock = lock_directory(state->directory, clock, lock_patience);
  if (!lock) return fail(lock);
  state->lock = std::move(*lock);
  const std::string log_path = state->directory + "/redis.log";
  state->log = Descriptor(open(log_path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!state->log) return fail(Errc::invalid, because(log_path));
  state->password = Secret(random_hex(password_bytes));
  const Result<void> up = state->start(program);
  if (!up) return fail(up);
  // Written last: a program that finds the file connects at once.
  state->url = fmt::format("redis://:{}@127.0.0.1:{}", state->password.reveal(), state->port);
  const std::string path = url_file(state->directory);
  if (!write_url_file(path, state->url)) return fail(Errc::invalid, because(path));
  return std::make_unique<RedisProcess>(std::move(state));
}

RedisProcess::RedisProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}

// The address is removed first: no program may find a server that is about to end.
RedisProcess::~RedisProcess() {
  unlink(url_file(state_->directory).c_str());
  state_->child.reset();
}

const std::string& RedisProcess::url() const { return state_->url; }

int RedisProcess::pid() const { return state_->child->pid(); }

bool RedisProcess::running() { return state_->child->running(); }

Result<std::string> serving_redis_url(const std::string& directory) {
  std::ifstream file(url_file(directory));
  std::string url;
  std::getline(file, url);
  if (url.empty()) {
    return fail(Errc::not_found, fmt::format("no embedded Redis serves {}", directory));
  }
  // A parent that was killed leaves the file, and another program may use its port now.
  const Result<RedisAddress> address = RedisAddress::parse(url);
  if (!address || !answers_ping(address->place.port, address->password)) {
    return fail(Errc::not_found,
                fmt::format("{} is left over: nobody answers there", url_file(directory)));
  }
  return url;
}

}  // namespace claimcheck
