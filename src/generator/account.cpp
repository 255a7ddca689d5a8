#include "generator/account.hpp"

#include "base/json.hpp"
#include "generator/answers.hpp"

#include <fmt/format.h>

namespace claimcheck::superduperai {

namespace {

constexpr std::size_t models_page = 100;
constexpr std::size_t models_pages_max = 10;

boost::asio::awaitable<Result<boost::json::value>> ask(const ProviderCalls& calls,
                                                       std::string path) {
  const Result<HttpResponse> answer = co_await calls.get(std::move(path));
  if (!answer) co_return fail(answer);
  if (answer->status == 401 || answer->status == 403) {
    co_return fail(Errc::forbidden, fmt::format("it refuses the token ({})", answer->status));
  }
  Result<boost::json::value> body = own_body(answer);
  if (answer->status == 200 && body) co_return body;
  // Never the body: it may be a page of a gateway, or hold details of the account.
  co_return fail(Errc::unavailable, fmt::format("it answered {}", answer->status));
}

}  // namespace

boost::asio::awaitable<Result<std::optional<double>>> read_balance(const ProviderCalls& calls) {
  const Result<boost::json::value> user = co_await ask(calls, "/api/v1/user/me");
  if (!user) co_return fail(user);
  const boost::json::value* balance = json::find(*user, "balance");
  if (balance == nullptr || !balance->is_number()) co_return std::nullopt;
  co_return balance->to_number<double>();
}

boost::asio::awaitable<Result<std::vector<Model>>> read_models(const ProviderCalls& calls) {
  std::vector<Model> models;
  for (std::size_t page = 0; page < models_pages_max; ++page) {
    const Result<boost::json::value> list = co_await ask(
        calls,
        fmt::format("/api/v1/generation-config?order_by=name&order=ascendent&limit={}&offset={}",
                    models_page, models.size()));
    if (!list) co_return fail(list);
    const boost::json::value* items = json::find(*list, "items");
    if (items == nullptr || !items->is_array()) {
      co_return fail(Errc::unavailable, "its list of models cannot be read");
    }
    for (const boost::json::value& item : items->get_array()) {
      models.push_back({.name = std::string(json::text_at(item, "name")),
                        .type = std::string(json::text_at(item, "type"))});
    }
    if (items->get_array().size() < models_page) break;
  }
  co_return models;
}

}  // namespace claimcheck::superduperai
