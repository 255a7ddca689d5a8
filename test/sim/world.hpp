// World: one simulated run. Two processes of claimcheck on one store, the sandbox as Stripe,
// generator and buyers' bank, buyers who order, pay and look, and a fault injector that crashes,
// cuts, delays, doubles and forgets for half an hour, and a person who decides this and that. Then
// everything heals, and within hours every paid order must be over. All of it follows from the
// seed, on a clock that jumps.
#pragma once

#include "flow/audit.hpp"
#include "sandbox/sandbox.hpp"
#include "sim/process.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace claimcheck::sim {

// An event loop whose coroutines can be ended before the loop itself is gone.
struct Loop : boost::asio::io_context {
  using execution_context::shutdown;
  using io_context::io_context;
};

class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();
  Verdict run();

 private:
  void connect();
  void choose_payment_page(std::uint64_t seed);
  void choose_generators(std::uint64_t seed);
  void choose_storage(std::uint64_t seed);
  void choose_capacity(std::uint64_t seed);
  void choose_edits(std::uint64_t seed);
  boost::asio::awaitable<void> check_places(const Submission& asked);
  using AddRule = std::function<void(std::string_view match, std::string_view action)>;
  void add_provider_faults(const AddRule& rule);
  std::string typed_code(int number);
  void start_process(std::size_t place);
  Duration some_skew();
  Process* any_process();
  void choose_faults();
  void heal();
  void advance_until(Time end, bool until_settled);
  boost::asio::awaitable<HttpResponse> ask_shop(HttpRequest request);
  boost::asio::awaitable<HttpResponse> answer_judged(HttpRequest request);
  boost::asio::awaitable<HttpResponse> answer_as_fal(HttpRequest request);
  boost::asio::awaitable<void> buyer(int number);
  boost::asio::awaitable<std::string> order(int number);
  boost::asio::awaitable<std::string> order_at_site(int number);
  boost::asio::awaitable<void> look(std::string session_id);
  boost::asio::awaitable<void> answer_refusal(std::string session_id, int number);
  boost::asio::awaitable<void> send_prompt(std::string session_id, std::string body);
  boost::asio::awaitable<void> inject_faults();
  boost::asio::awaitable<void> strike();
  boost::asio::awaitable<void> write_beside();
  boost::asio::awaitable<void> someone_else_generates();
  boost::asio::awaitable<void> generator_outage();
  boost::asio::awaitable<void> stripe_outage();
  boost::asio::awaitable<void> strike_stripe();
  boost::asio::awaitable<void> refund_by_hand(std::string session_id);
  boost::asio::awaitable<void> person_in_charge();
  boost::asio::awaitable<void> read_held_list();
  boost::asio::awaitable<void> decide_something();
  boost::asio::awaitable<void> keep_processes();
  boost::asio::awaitable<sandbox::Value> control(std::string method, std::string path,
                                                 std::string body);
  boost::asio::awaitable<std::string> paid_session();
  sandbox::Object ledger();
  std::map<std::string, Claim> claims();
  void check_index();
  void check_books();
  void check_notifications();
  boost::asio::awaitable<void> audit(std::optional<Result<AuditReport>>& report);
  template <typename T>
  T now(boost::asio::awaitable<T> task);

  Chance chance_;
  Catalog catalog_;
  Policy policy_;
  SessionOptionsByTool payment_page_;
  test::Bucket bucket_;
  bool takes_codes_ = false;
  bool adds_tax_ = false;
  bool clocks_differ_ = false;
  double crash_ = 0;
  bool someone_else_ = false;  // uses the same account of the generator
  std::int64_t stripe_calls_per_second_ = 20;
  StoreFaults store_faults_;
  Time stripe_back_;  // after its outage
  std::optional<Time> store_down_since_;
  Judge judge_;
  std::set<std::string> sent_back_by_hand_;  // sessions, all of their money or a part
  Loop io_{1};                               // first, since timers of the processes point into it
  // What coroutines point into outlives them: they end in ~World, before any of this does.
  std::vector<std::unique_ptr<Process>> remains_;
  std::array<std::unique_ptr<Process>, 2> processes_;
  std::unique_ptr<sandbox::Sandbox> stripe_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<FakeNetwork> network_;
  std::vector<MemoryStore::Snapshot> snapshots_;
  std::unique_ptr<Tasks> tasks_;
  std::unique_ptr<ManualClock> clock_;
  GeneratorCapacity capacity_;       // of each generator
  bool places_forgotten_ = false;    // Redis went back in time
  std::set<std::string> unindexed_;  // orders that the work index has lost
  bool healed_ = false;
};

}  // namespace claimcheck::sim
