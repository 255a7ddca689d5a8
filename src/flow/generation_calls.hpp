// GenerationCalls: the calls of one pass to the generator. Each turns an action of decide() into an
// observation. Redis decides which video belongs to which unit before that is reported. Owned by
// OrderPass; reads its order.
#pragma once

#include "flow/order_in_work.hpp"

#include <string>

namespace claimcheck {

class GenerationCalls {
 public:
  explicit GenerationCalls(const OrderInWork& order) : order_(order) {}

  // To be called before a payment is read at Stripe: nothing = go on, else the generator's pause.
  // Errors: the store's.
  Async<std::optional<Submitted>> pause_before_submit(std::size_t unit);
  // One call for each action. Nothing = the store did not answer. A failure of the generator is an
  // observation.
  boost::asio::awaitable<Seen> prepare(std::size_t unit);
  boost::asio::awaitable<Seen> submit(std::size_t unit);
  boost::asio::awaitable<Seen> look_up(std::size_t unit);
  boost::asio::awaitable<Seen> poll(std::size_t unit);
  // Of the session value from which the prompt was read; it guards the commit of an intent.
  const std::string& prompt_digest() const { return prompt_digest_; }

 private:
  boost::asio::awaitable<Seen> prepare_from(std::size_t unit, Result<SessionBytes> stored);
  Async<std::optional<Submitted>> ask_generator(std::size_t unit, SubmitAsk ask);
  boost::asio::awaitable<Seen> take_over(std::size_t unit, std::string file);
  boost::asio::awaitable<Duration> tell_breaker(std::string generator, const SubmitAnswer& answer);
  Async<bool> may_generate_again(std::size_t unit);
  Async<bool> may_risk_double(std::size_t unit);
  Async<bool> count_another(std::size_t unit);
  std::optional<ProviderCost> configured_cost(std::size_t index) const;
  Async<bool> own(std::string job, std::size_t unit);
  Async<void> load_prompt();
  Generator* generator_of(std::size_t unit) const;
  std::string callback_of(const Unit& unit) const;
  Unpreparable generator_gone(std::size_t unit) const;
  std::string key_of(std::size_t unit) const;
  GenerationJob job_of(std::size_t unit) const;

  const OrderInWork& order_;
  bool breaker_waits_ = false;  // the answer to our submit must be reported to Redis
  std::string prompt_;          // as the generator gets it; read when a submit or look-up needs it
  std::string prompt_digest_;
};

}  // namespace claimcheck
