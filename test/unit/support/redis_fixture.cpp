#include "support/redis_fixture.hpp"

#include "base/clock.hpp"
#include "net/descriptor.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr Duration patience = std::chrono::seconds(20);
constexpr auto look_every = std::chrono::milliseconds(5);

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

// Below the ports that the system gives to connections: those of suites that run beside us would
// take a port of theirs before redis-server has it.
std::uint16_t free_port() {
  constexpr int first = 10'000;
  constexpr int ports = 20'000;
  static int next = getpid() * 37 % ports;
  asio::io_context io;
  while (true) {
    next = (next + 1) % ports;
    const auto port = static_cast<std::uint16_t>(first + next);
    boost::system::error_code taken;
    asio::ip::tcp::acceptor acceptor(io, asio::ip::tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), port}, taken);
    if (!taken) return port;
  }
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace(std::string& text, std::string_view place, const std::string& by) {
  for (std::size_t at; (at = text.find(place)) != std::string::npos;) {
    text.replace(at, place.size(), by);
  }
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  path_ = (std::filesystem::temp_directory_path() / "claimcheck-XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RedisFixture::RedisFixture()
    : process_(must(RedisProcess::start(directory_.path(), machine_clock))) {}

RedisAddress RedisFixture::address() const { return must(RedisAddress::parse(url())); }

RedisServer::RedisServer(std::string configuration)
    : configuration_(std::move(configuration)), port_(free_port()) {
  replace(configuration_, "{dir}", directory_.path());
  replace(configuration_, "{port}", fmt::to_string(port_));
  start();
}

RedisServer::~RedisServer() {
  if (child_->running()) kill();
}

RedisOptions RedisServer::options() const {
  RedisOptions options;
  options.address.place.port = port_;
  return options;
}

std::string RedisServer::log() const { return text_of_file(directory_.path() + "/redis.log"); }

void RedisServer::kill() {
  ::kill(child_->pid(), SIGKILL);
  if (!child_->ended_within(patience)) throw std::runtime_error("redis-server does not die");
}

void RedisServer::start() {
  const std::string log_path = directory_.path() + "/redis.log";
  const Descriptor log(open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  child_ = must(
      ChildProcess::start({.path = find_program({"redis-server", "valkey-server"}),
                           .arguments = {"-"},
                           .input = fmt::format("bind 127.0.0.1\nport {}\ndir {}\nappendonly yes\n"
                                                "appendfsync always\nsave \"\"\n{}\n",
                                                port_, directory_.path(), configuration_),
                           .output = log.get()},
                          machine_clock));
}

RedisSentinel::RedisSentinel(std::string configuration)
    : configuration_(std::move(configuration)), port_(free_port()) {
  // It writes what it finds out into its file.
  const std::string file = directory_.path() + "/sentinel.conf";
  std::ofstream(file) << fmt::format("bind 127.0.0.1\nport {}\ndir {}\n{}\n", port_,
                                     directory_.path(), configuration_);
  const std::string log_path = directory_.path() + "/sentinel.log";
  const Descriptor log(open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  child_ = must(ChildProcess::start({.path = find_program({"redis-server", "valkey-server"}),
                                     .arguments = {file, "--sentinel"},
                                     .output = log.get()},
                                    machine_clock));
}

std::string RedisSentinel::log() const { return text_of_file(directory_.path() + "/sentinel.log"); }

void RedisServer::freeze() { ::kill(child_->pid(), SIGSTOP); }

void RedisServer::thaw() { ::kill(child_->pid(), SIGCONT); }

RedisClient::RedisClient(RedisOptions options)
    : redis(io.get_executor(), machine_clock, std::move(options)) {
  redis.start();
}

RedisClient::~RedisClient() {
  redis.stop();
  io.run_for(patience);  // ends when the last coroutine has
}

bool RedisClient::until(const std::function<bool()>& condition) {
  const Duration deadline = machine_clock.steady() + patience;
  while (!condition()) {
    if (machine_clock.steady() >= deadline) return false;
    io.restart();
    io.run_one_for(look_every);
  }
  return true;
}

}  // namespace claimcheck
