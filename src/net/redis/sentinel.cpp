#include "net/redis/sentinel.hpp"

#include "net/redis/greeting.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace claimcheck {

namespace {

std::unexpected<Error> refuse(std::string why) { return fail(Errc::unavailable, std::move(why)); }

Result<RedisPlace> place_of(const RedisReply& reply, std::string_view primary) {
  if (reply.null()) return refuse(fmt::format("it knows no primary {}", primary));
  const RedisReply::Array* pair = reply.array();
  if (pair == nullptr || pair->size() != 2) return refuse("it is no Sentinel");
  const std::string* host = (*pair)[0].text();
  const std::string* port = (*pair)[1].text();
  if (host == nullptr || port == nullptr) return refuse("it is no Sentinel");
  // Without a name no certificate could be checked.
  if (host->empty() || host->find('\0') != std::string::npos) return refuse("it names no host");
  RedisPlace place{.host = *host, .port = 0};
  const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), place.port);
  if (error != std::errc() || place.port == 0) return refuse("it names no port");
  return place;
}

}  // namespace

RedisOptions options_of_sentinel(const RedisOptions& options, const RedisPlace& sentinel) {
  return {.address = {.tls = options.address.tls, .place = sentinel},
          .tls = options.tls,
          .connect_timeout = sentinel_wait_max,
          .request_timeout = sentinel_wait_max};
}

std::vector<RedisCommand> sentinel_question(const RedisOptions& options) {
  const RedisLogin& login = options.sentinel_login;
  return {hello_of(login.user, login.password),
          RedisCommand{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.address.primary}};
}

Result<RedisPlace> primary_of(const RedisOptions& options, const RedisAnswer& answer,
                              std::string_view ended) {
  if (!answer.replies.empty()) {
    const auto* refusal = answer.replies.front().failure();
    if (refusal != nullptr) {
      return refuse(hello_refused(refusal->text, "CLAIMCHECK_REDIS_SENTINEL_PASSWORD"));
    }
  }
  if (answer.how == RedisAnswer::How::late) return refuse(answer.why);
  if (answer.how != RedisAnswer::How::complete) return refuse(std::string(ended));
  const auto* failure = answer.replies.back().failure();
  if (failure == nullptr) return place_of(answer.replies.back(), options.address.primary);
  if (failure->text.starts_with("ERR unknown command")) return refuse("it is no Sentinel");
  return refuse(failure->text);
}

}  // namespace claimcheck
