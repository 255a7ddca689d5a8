// Why a video was not made: what its buyer and an operator are told of each class of failure.
#include "domain/failure_words.hpp"
#include "domain/names.hpp"
#include "domain/order_machine.hpp"
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::running_claim;
using test::start;
using test::submitting_claim;

Claim refunded(std::vector<Failure> failures) {
  Claim claim;
  claim.state = OrderState::done;
  claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.units.resize(failures.size());
  for (std::size_t i = 0; i < failures.size(); ++i) {
    claim.units[i].state = UnitState::refunded;
    claim.units[i].failure = failures[i];
  }
  return claim;
}

TEST_CASE("each class is one clause for the buyer, or none where the cause is not known") {
  const auto error = [](Failure failure) { return *view_of(refunded({failure})).error; };
  const auto made = [](std::string_view why) {
    return "Your video could not be made" + std::string(why) + ". Your payment was refunded.";
  };
  CHECK(error(Failure::none) == made(""));
  CHECK(error(Failure::unknown) == made(""));
  CHECK(error(Failure::content) == made(": the service refused it by its content rules"));
  CHECK(error(Failure::input) == made(": the service does not accept what was ordered"));
  CHECK(error(Failure::transient) == made(": the service failed at it, by a fault of its own"));
  CHECK(error(Failure::late) == made(": the service did not finish it in time"));
  for (const Failure away :
       {Failure::away, Failure::throttled, Failure::balance, Failure::configuration}) {
    CHECK(error(away) == made(": the service took no order for it in time"));
  }
}

TEST_CASE("a file has its own reason, the order only one that all lost videos have") {
  View view = view_of(refunded({Failure::content, Failure::content}));
  CHECK(view.files[0].reason == "refused_content");
  CHECK(view.files[0].error ==
        "This video could not be made: the service refused it by its content rules.");
  CHECK(view.error->starts_with("Your videos could not be made: the service refused it"));
  view = view_of(refunded({Failure::content, Failure::late}));
  CHECK(view.files[0].reason == "refused_content");
  CHECK(view.files[1].reason == "too_late");
  CHECK(*view.error == "Your videos could not be made. Your payment was refunded.");
  view = view_of(refunded({Failure::content, Failure::none}));
  CHECK_FALSE(view.files[1].reason);
  CHECK(*view.error == "Your videos could not be made. Your payment was refunded.");
}

TEST_CASE("while the money is under way the reason is told as well") {
  Claim claim = refunded({Failure::content, Failure::none});
  claim.state = OrderState::paid;
  claim.units[0].state = UnitState::refunding;
  claim.units[1].state = UnitState::running;
  CHECK(*view_of(claim).message ==
        "1 of 2 videos could not be made: the service refused it by its content rules. Nothing is "
        "lost; what you paid for them goes back to you.");
  claim.units[0].state = UnitState::running;
  CHECK_FALSE(view_of(claim).files[0].reason);  // it is made after all
}

TEST_CASE("the machine records the class of each end") {
  Submitted rejected;
  rejected.result = SubmitResult::rejected;
  rejected.failure = Failure::content;
  CHECK(decide(submitting_claim(), rejected, start).claim.units[0].failure == Failure::content);
  Polled failed;
  failed.result = PollResult::failed;
  failed.failure = Failure::input;
  CHECK(decide(running_claim(), failed, start).claim.units[0].failure == Failure::input);
  Polled running;
  running.result = PollResult::running;
  const Time late = start + Policy().generation_deadline + std::chrono::minutes(1);
  CHECK(decide(running_claim(), running, late).claim.units[0].failure == Failure::late);
}

TEST_CASE("every class has words for operators, which begin with its name") {
  for (int i = 1; i <= static_cast<int>(Failure::away); ++i) {
    const auto failure = static_cast<Failure>(i);
    CHECK(words_of(failure).starts_with(std::string(name_of(failure)) + ": "));
  }
  CHECK(words_of(Failure::none).empty());
}

}  // namespace
}  // namespace claimcheck
