#include "flow/turnstile.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

bool has_code(const boost::json::value& answer, std::string_view code) {
  const boost::json::value* codes = json::find(answer, "error-codes");
  const boost::json::array* list = codes == nullptr ? nullptr : codes->if_array();
  if (list == nullptr) return false;
  return std::ranges::any_of(*list, [code](const boost::json::value& one) {
    return one.is_string() && one.get_string() == code;
  });
}

TurnstileAnswer answer_of(const HttpResponse& response) {
  const Result<boost::json::value> body = json::parse(response.body);
  const boost::json::value* success = body ? json::find(*body, "success") : nullptr;
  if (success == nullptr || !success->is_bool()) return TurnstileAnswer::away;
  if (success->get_bool()) return TurnstileAnswer::good;
  if (has_code(*body, "timeout-or-duplicate")) return TurnstileAnswer::spent;
  const bool secret =
      has_code(*body, "missing-input-secret") || has_code(*body, "invalid-input-secret");
  if (secret) return TurnstileAnswer::setup;
  return has_code(*body, "internal-error") ? TurnstileAnswer::away : TurnstileAnswer::invalid;
}

}  // namespace

boost::asio::awaitable<TurnstileAnswer> Turnstile::verify(std::string token) {
  constexpr std::size_t answer_bytes_max = 64 * 1024;
  HttpCall call;
  call.method = "POST";
  call.url = options_.url;
  call.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  call.body = "secret=" + url_encode(options_.secret.reveal()) + "&response=" + url_encode(token);
  call.timeout = options_.timeout;
  call.answer_bytes_max = answer_bytes_max;
  // Asked about a second time, the same token would be refused.
  call.send_once = true;
  const Result<HttpResponse> response = co_await http_.send(std::move(call));
  co_return response ? answer_of(*response) : TurnstileAnswer::away;
}

}  // namespace claimcheck
