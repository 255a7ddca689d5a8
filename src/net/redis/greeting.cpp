#include "net/redis/greeting.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace claimcheck {

namespace {

// One of the facts in the server's answer to HELLO: "role", "mode", "version".
std::string fact(const RedisReply& hello, std::string_view name) {
  const RedisReply::Array* pairs = hello.array();
  if (pairs == nullptr) return {};
  for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) {
    const std::string* key = (*pairs)[i].text();
    const std::string* value = (*pairs)[i + 1].text();
    if (key != nullptr && value != nullptr && *key == name) return *value;
  }
  return {};
}

// Why this server cannot be used for writes; empty = it can.
std::string wrong_server(const RedisReply& hello) {
  if (fact(hello, "role") == "replica") return "it is a replica: name the primary";
  const std::string mode = fact(hello, "mode");
  if (mode == "cluster") return "it is a node of a Redis Cluster, which claimcheck does not use";
  return mode == "sentinel" ? "it is a Sentinel: write redis-sentinel://" : "";
}

}  // namespace

std::string hello_refused(std::string_view told, std::string_view login) {
  const auto begins = [told](std::string_view word) { return told.starts_with(word); };
  if (begins("WRONGPASS")) return fmt::format("it refuses the user or the password of {}", login);
  if (begins("NOAUTH")) return fmt::format("it demands a password, and {} has none", login);
  if (begins("DENIED")) return "it is in protected mode, and answers its own machine only";
  if (begins("ERR max number of clients")) return "it takes no more clients (maxclients)";
  if (begins("ERR unknown command") || begins("NOPROTO")) return "it is older than Redis 6";
  if (told.empty()) return "it refused HELLO 3 without a reason";
  // The first word is the kind of the error. The rest may hold what was sent.
  return fmt::format("it refused HELLO 3 ({})", told.substr(0, told.find(' ')));
}

RedisCommand hello_of(const std::string& user, const Secret& password) {
  RedisCommand hello{"HELLO", "3"};
  if (!password.empty()) {
    hello.insert(hello.end(), {"AUTH", user.empty() ? "default" : user, password.reveal()});
  }
  hello.insert(hello.end(), {"SETNAME", "claimcheck"});
  return hello;
}

std::vector<RedisCommand> greeting_of(const RedisOptions& options) {
  // The server answers HELLO even while it loads its data, when it refuses PING and all others.
  std::vector<RedisCommand> commands{hello_of(options.address.user, options.address.password),
                                     RedisCommand{"PING"}};
  const int db = options.address.db;
  if (db != 0) commands.push_back(RedisCommand{"SELECT", fmt::to_string(db)});
  // Last: pushes must come from the database that was selected.
  std::ranges::copy(options.pushes.ask, std::back_inserter(commands));
  return commands;
}

std::string pushes_refused(const RedisCommand& asked, std::string_view told,
                           std::string_view cost) {
  return fmt::format("it refuses {} {} ({}): {}", asked.at(0), asked.at(1),
                     told.substr(0, told.find(' ')), cost);
}

Result<void> judge_greeting(const std::vector<RedisReply>& replies, const RedisPushes& pushes) {
  ENSURE(replies.size() > pushes.ask.size());
  const std::size_t greetings = replies.size() - pushes.ask.size();
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto* failure = replies[i].failure();
    if (failure != nullptr && i >= greetings) {
      return fail(Errc::unavailable,
                  pushes_refused(pushes.ask[i - greetings], failure->text, pushes.without));
    }
    // MISCONF answers a PING when its disk fails; such a server can still be read.
    if (failure == nullptr || failure->text.starts_with("MISCONF")) continue;
    // Older servers repeat the words of a refused HELLO, and one of them is the password.
    return fail(Errc::unavailable, i == 0 ? hello_refused(failure->text) : failure->text);
  }
  std::string wrong = wrong_server(replies.front());
  if (!wrong.empty()) return fail(Errc::unavailable, std::move(wrong));
  return {};
}

}  // namespace claimcheck
