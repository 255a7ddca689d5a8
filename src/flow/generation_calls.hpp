// GenerationCalls: the calls of one pass to the generator, each turns an action of decide() into
// what was seen. Which video belongs to which unit is settled in Redis before it is reported. Owned
// by OrderPass, reads its order.
#pragma once

#include "flow/order_in_work.hpp"

#include <string>

namespace claimcheck {

class GenerationCalls {
 public:
  explicit GenerationCalls(const OrderInWork& order) : order_(order) {}

  // Before Stripe is asked about a payment: nothing = go on, else the generator's pause. Errors:
  // the store's.
  Async<std::optional<Submitted>> pause_before_submit(std::size_t unit);
  boost::asio::awaitable<Seen> prepare(std::size_t unit);
  boost::asio::awaitable<Seen> submit(std::size_t unit);
  boost::asio::awaitable<Seen> look_up(std::size_t unit);
  boost::asio::awaitable<Seen> poll(std::size_t unit);
  // Of the session value whose prompt was prepared; the commit of an intent is guarded by it.
  const std::string& prompt_digest() const { return prompt_digest_; }

 private:
  Async<std::optional<Submitted>> ask_generator(std::size_t unit, SubmitAsk ask);
  boost::asio::awaitable<Seen> take_over(std::size_t unit, std::string file);
  boost::asio::awaitable<Duration> tell_breaker(const superduperai::SubmitAnswer& answer);
  Async<bool> may_generate_again(std::size_t unit);
  Async<bool> own(std::string job, std::size_t unit);
  Async<void> load_prompt();
  superduperai::Job job_of(std::size_t unit) const;

  const OrderInWork& order_;
  bool breaker_waits_ = false;  // the generator's breaker wants to know of our submit's answer
  std::string prompt_;          // as the generator gets it; read when a submit or look-up needs it
  std::string prompt_digest_;
};

}  // namespace claimcheck
