// RefusedPrompt: what a buyer does about an order whose prompt the generator refused: writes
// another one, or takes the money instead. Another prompt is checked like that of a checkout, by
// length and by the shop's screening. Claim and prompt are stored in one write under the claim's
// version, so of two tabs, or of an edit and the end of its time, one wins and the other is told.
// Nothing outside Redis happens here but the question to the shop's hook.
#pragma once

#include "domain/prompt_edit.hpp"
#include "flow/context.hpp"
#include "flow/refusal.hpp"
#include "flow/screening.hpp"
#include "store/codec.hpp"

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

class RefusedPrompt {
 public:
  // Without a screening no prompt is screened.
  RefusedPrompt(Context& context, Screening* screening)
      : context_(context), screening_(screening) {}

  using Done = std::expected<void, Refusal>;
  // Refusals of both: unknown; conflict with the order machine's code; unreadable;
  // store_unavailable, after which it may have been stored: read the order. Of edit() also invalid
  // (empty_prompt, prompt_too_long, prompt_refused) and screening_unavailable.
  boost::asio::awaitable<Done> edit(std::string session_id, std::string prompt);
  boost::asio::awaitable<Done> decline(std::string session_id);

 private:
  using Decide = std::function<std::expected<Decision, Rejected>(const Claim&, const Policy&)>;

  boost::asio::awaitable<std::expected<std::string, Refusal>> check(const std::string& session_id,
                                                                    const std::string& prompt);
  boost::asio::awaitable<Done> store(std::string session_id, std::string_view what, Decide decide,
                                     std::vector<MemberChange> also);

  Context& context_;
  Screening* screening_;
};

}  // namespace claimcheck
