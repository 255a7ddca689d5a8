#include "base/clock.hpp"
#include "net/descriptor.hpp"
#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace claimcheck {

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode(const std::string& path) {
  struct stat found{};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 07777U;
}

std::unique_ptr<RedisProcess> started(const std::string& directory) {
  auto process = RedisProcess::start(directory, machine_clock);
  REQUIRE_MESSAGE(process.has_value(), process.error().message);
  return std::move(*process);
}

RedisOptions options(const std::string& url) { return {.address = *RedisAddress::parse(url)}; }

// Runs one command on the server there and returns its text, or that of its failure.
std::string say(const std::string& url, RedisCommand command) {
  RedisClient client(options(url));
  REQUIRE(client.until_ready());
  const auto reply = client.run(client.redis.exec(command));
  REQUIRE_MESSAGE(reply.has_value(), reply.error().message);
  if (reply->failure() != nullptr) return reply->failure()->text;
  if (const auto* array = reply->array()) return *array->back().text();
  return reply->text() != nullptr ? *reply->text() : "(null)";
}

// A PATH that offers only what the test puts there.
class OnlyPath {
 public:
  explicit OnlyPath(const std::string& path) : before_(std::getenv("PATH")) {
    setenv("PATH", path.c_str(), 1);
  }
  ~OnlyPath() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

void write_program(const std::string& path, const std::string& script) {
  std::ofstream(path) << "#!/bin/sh\n" << script;
  REQUIRE(chmod(path.c_str(), 0755) == 0);
}

}  // namespace

TEST_CASE("embedded redis: private, durable, its password in one place") {
  const TemporaryDirectory home;
  const std::string directory = home.path() + "/deep/with \"quotes\" and ünicode";
  const auto process = started(directory);
  const auto address = RedisAddress::parse(process->url());
  REQUIRE(address.has_value());
  CHECK(address->place.host == "127.0.0.1");
  CHECK(address->password.reveal().size() == 64);
  CHECK(mode(directory) == 0700);
  CHECK(mode(directory + "/redis.url") == 0600);
  CHECK(contents(directory + "/redis.url") == process->url() + "\n");
  CHECK(serving_redis_url(directory) == process->url());

  const std::string proc = fmt::format("/proc/{}/", process->pid());
  CHECK_FALSE(contents(proc + "cmdline").empty());
  CHECK(contents(proc + "cmdline").find(address->password.reveal()) == std::string::npos);
  const std::array<std::array<const char*, 2>, 6> settings{{{"appendonly", "yes"},
                                                            {"appendfsync", "always"},
                                                            {"maxmemory-policy", "noeviction"},
                                                            {"save", ""},
                                                            {"bind", "127.0.0.1"},
                                                            {"protected-mode", "yes"}}};
  for (const auto& [name, value] : settings) {
    CAPTURE(std::string(name));
    CHECK(say(process->url(), {"CONFIG", "GET", name}) == value);
  }

  RedisOptions without_password = options(process->url());
  without_password.address.password = Secret();
  RedisClient stranger(without_password);
  RedisClient owner(options(process->url()));
  REQUIRE(owner.until_ready());
  REQUIRE(stranger.until([&] {
    const auto errors = owner.run(owner.redis.exec({"INFO", "errorstats"}));
    return errors->text()->find("errorstat_NOAUTH") != std::string::npos;
  }));
  CHECK(!stranger.redis.ready());
}

TEST_CASE("embedded redis: a clean stop leaves the data and no trace of a server") {
  const TemporaryDirectory home;
  auto process = started(home.path());
  REQUIRE(say(process->url(), {"SET", "order", "paid"}) == "OK");
  const int pid = process->pid();
  const std::string url = process->url();
  CHECK(process->running());
  process.reset();
  CHECK(kill(pid, 0) != 0);
  CHECK(!std::filesystem::exists(home.path() + "/redis.url"));
  CHECK(serving_redis_url(home.path()).error().code == Errc::not_found);
  process = started(home.path());
  CHECK(process->url() != url);
  CHECK(say(process->url(), {"GET", "order"}) == "paid");
}

TEST_CASE("embedded redis: kill -9 of its parent leaves no orphan and loses nothing") {
  const TemporaryDirectory home;
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const pid_t parent = fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    auto process = RedisProcess::start(home.path(), machine_clock);
    const std::string word = process ? fmt::format("{} {}", (*process)->pid(), (*process)->url())
                                     : process.error().message;
    if (write(to.get(), word.data(), word.size()) > 0) pause();
    _exit(1);
  }
  to.close();
  std::string word(200, '\0');
  const ssize_t got = read(from.get(), word.data(), word.size());
  REQUIRE(got > 0);
  word.resize(static_cast<std::size_t>(got));
  const std::size_t space = word.find(' ');
  const int server = std::atoi(word.c_str());
  const std::string url = word.substr(space + 1);
  REQUIRE_MESSAGE(server > 0, word);
  REQUIRE(say(url, {"SET", "order", "paid"}) == "OK");

  REQUIRE(kill(parent, SIGKILL) == 0);
  REQUIRE(waitpid(parent, nullptr, 0) == parent);
  CHECK(std::filesystem::exists(home.path() + "/redis.url"));  // left over by the kill
  const auto process = started(home.path());
  CHECK(say(process->url(), {"GET", "order"}) == "paid");
  // Gone, or at most a zombie that its new parent has not looked at yet.
  const std::string state = contents(fmt::format("/proc/{}/stat", server));
  CHECK((state.empty() || state.find(") Z ") != std::string::npos));
}

TEST_CASE("embedded redis: a directory in use is refused by name") {
  const RedisFixture first;
  const auto second =
      RedisProcess::start(first.directory(), machine_clock, std::chrono::milliseconds(50));
  REQUIRE(!second.has_value());
  CHECK(second.error().code == Errc::conflict);
  CHECK(second.error().message.find(first.directory()) != std::string::npos);
  CHECK(say(first.url(), {"PING"}) == "PONG");
  CHECK(serving_redis_url(first.directory()) == first.url());
}

TEST_CASE("embedded redis: the child holds the lock too, as its parent may go first") {
  const RedisFixture server;
  const std::string held =
      std::filesystem::read_symlink(fmt::format("/proc/{}/fd/3", server.pid())).string();
  CHECK(held == std::filesystem::canonical(server.directory() + "/lock").string());
}

TEST_CASE("embedded redis: the child gets no descriptor of ours and a session of its own") {
  const TemporaryDirectory home;
  const std::string ours = home.path() + "/ours";
  const Descriptor file(open(ours.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const int leaking = fcntl(file.get(), F_DUPFD, 50);  // without close-on-exec
  const auto process = started(home.path() + "/data");
  close(leaking);
  std::size_t count = 0;
  for (const auto& each :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", process->pid()))) {
    std::error_code gone;
    CHECK(std::filesystem::read_symlink(each, gone).string() != ours);
    ++count;
  }
  CHECK(count > 3);
  CHECK(getsid(process->pid()) == process->pid());  // Ctrl-C in our terminal does not reach it
}

TEST_CASE("child process: of our environment it sees PATH only") {
  const TemporaryDirectory home;
  const std::string said = home.path() + "/said";
  const Descriptor output(open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  setenv("STRIPE_SECRET_KEY", "sk_test_ours", 1);
  const auto child =
      ChildProcess::start({.path = find_program({"env"}), .output = output.get()}, machine_clock);
  unsetenv("STRIPE_SECRET_KEY");
  REQUIRE(child.has_value());
  REQUIRE((*child)->ended_within(std::chrono::seconds(20)));
  CHECK(contents(said) == fmt::format("PATH={}\n", std::getenv("PATH")));
}

TEST_CASE("child process: one that does not listen is killed") {
  const TemporaryDirectory home;
  const std::string said = home.path() + "/said";
  const Descriptor output(open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const auto child =
      ChildProcess::start({.path = find_program({"sh"}),
                           .arguments = {"-c", "trap '' TERM; echo ready; while :; do :; done"},
                           .output = output.get()},
                          machine_clock);
  REQUIRE(child.has_value());
  const RealClock clock;
  const Duration deadline = clock.steady() + std::chrono::seconds(20);
  while (contents(said).empty() && clock.steady() < deadline) {
  }
  const int pid = (*child)->pid();
  (*child)->end(std::chrono::milliseconds(50));
  CHECK(kill(pid, 0) != 0);
}

TEST_CASE("embedded redis: a server that ended is noticed") {
  const TemporaryDirectory home;
  const auto process = started(home.path());
  REQUIRE(kill(process->pid(), SIGKILL) == 0);
  const RealClock clock;
  const Duration deadline = clock.steady() + std::chrono::seconds(20);
  while (process->running() && clock.steady() < deadline) {
  }
  CHECK(!process->running());
  CHECK(serving_redis_url(home.path()).error().code == Errc::not_found);
}

TEST_CASE("embedded redis: what keeps it from starting is said") {
  const TemporaryDirectory home;
  const std::string data = home.path() + "/data";
  const std::string program = home.path() + "/redis-server";
  SUBCASE("no server on PATH") {
    const OnlyPath path(home.path());
    CHECK(RedisProcess::start(data, machine_clock).error().code == Errc::not_found);
  }
  SUBCASE("a server that ends at once") {
    write_program(program, "echo reading\necho the disk is on fire >&2\nexit 1\n");
    const OnlyPath path(home.path());
    const auto process = RedisProcess::start(data, machine_clock);
    REQUIRE(!process.has_value());
    CHECK(process.error().code == Errc::unavailable);
    CHECK(process.error().message.ends_with(": the disk is on fire"));
    CHECK(!std::filesystem::exists(data + "/redis.url"));
  }
  SUBCASE("a directory that everybody may write to") {
    std::filesystem::create_directory(data);
    for (const mode_t open : {0777U, 0702U, 01777U}) {
      REQUIRE(chmod(data.c_str(), open) == 0);
      const auto process = RedisProcess::start(data, machine_clock);
      REQUIRE(!process.has_value());
      CHECK(process.error().code == Errc::invalid);
      CHECK(process.error().message.contains(data));
      CHECK(process.error().message.contains("chmod 700"));
      CHECK(std::filesystem::is_empty(data));
    }
    REQUIRE(chmod(data.c_str(), 0775) == 0);  // of a group, as volumes are
    CHECK(RedisProcess::start(data, machine_clock).has_value());
  }
  SUBCASE("a directory that cannot be one") {
    std::ofstream(data) << "a file";
    const auto process = RedisProcess::start(data, machine_clock);
    REQUIRE(!process.has_value());
    CHECK(process.error().code == Errc::invalid);
    CHECK(process.error().message.find(data) != std::string::npos);
  }
}

TEST_CASE("embedded redis: a port that somebody took meanwhile is tried again with another") {
  const TemporaryDirectory home;
  const std::string real = find_program({"redis-server", "valkey-server"});
  const std::string once = home.path() + "/once";
  write_program(home.path() + "/redis-server",
                fmt::format("[ -e {0} ] && exec {1} \"$@\"\n: > {0}\n"
                            "echo 'bind: Address already in use'\nexit 1\n",
                            once, real));
  const OnlyPath path(home.path());
  const auto process = started(home.path() + "/data");
  CHECK(std::filesystem::exists(once));
  CHECK(say(process->url(), {"PING"}) == "PONG");
}

}  // namespace claimcheck
