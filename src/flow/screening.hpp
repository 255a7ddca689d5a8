// Screening: may this prompt be ordered here? Asked before a payment, so that nobody pays for what
// the shop does not want made. Two checks of the shop's own, each of them optional: a list of
// words, and a hook, an HTTP address of the shop that is asked with a signed request. A prompt goes
// nowhere else, and never into the log. Owned by the server; context and HTTP are borrowed.
#pragma once

#include "base/secret.hpp"
#include "domain/word_list.hpp"
#include "flow/context.hpp"
#include "flow/order_request.hpp"
#include "flow/refusal.hpp"
#include "net/http/http.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct ScreeningOptions {
  WordList words;            // empty = no list
  std::string url;           // of the hook; empty = none
  std::vector<Secret> keys;  // sign what it is asked; two while one is replaced
  Duration timeout = std::chrono::seconds(5);
  // When the hook does not say yes or no. By default the prompt is refused for the moment: a shop
  // that wants its prompts screened wants no other ones sold.
  bool allow_when_silent = false;
};

// Of the sentence that the hook gives the buyer, in characters; the rest is cut off.
inline constexpr std::size_t screening_reason_characters_max = 300;
inline constexpr std::size_t screening_answer_bytes_max = 16 * 1024;

// What the hook is asked: names and order are a contract with every shop's receiver.
std::string screening_body(const OrderRequest& order);

// silent: neither yes nor no.
enum class ScreeningVerdict { allowed, refused, silent };
struct ScreeningAnswer {
  ScreeningVerdict verdict = ScreeningVerdict::silent;
  std::string text;  // refused: for the buyer, may be empty; silent: why, one of a closed set
};

// One signed question to the hook.
boost::asio::awaitable<ScreeningAnswer> ask_screening_hook(HttpClient& http,
                                                           const ScreeningOptions& options,
                                                           std::string body, Time now);

class Screening {
 public:
  Screening(Context& context, HttpClient& http, ScreeningOptions options);

  // Refusals: invalid (prompt_refused), screening_unavailable.
  boost::asio::awaitable<std::expected<void, Refusal>> screen(const OrderRequest& order);

 private:
  std::unexpected<Refusal> refuse(const OrderRequest& order, std::string_view by,
                                  const std::string& reason);

  Context& context_;
  HttpClient& http_;
  ScreeningOptions options_;
};

}  // namespace claimcheck
