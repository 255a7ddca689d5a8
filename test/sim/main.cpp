// claimcheck-sim: runs the whole service through simulated worlds, one for each seed, and judges
// each from outside. Prints what went wrong with the one command that repeats it, and at the end
// how often every kind of step was taken: a step that never was is not tested.
#include "base/log.hpp"
#include "domain/command.hpp"
#include "sim/world.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace claimcheck::sim {

namespace {

struct Options {
  std::uint64_t first = 1;
  std::uint64_t seeds = 100;
  bool verbose = false;
};

// What a long run must have seen, by words in a step's reason.
constexpr std::array<std::string_view, 39> sometimes = {"(buyer) had a code",
                                                        "(buyer) had a code for everything",
                                                        "(buyer) paid tax",
                                                        "found at the generator by its seed",
                                                        "not found at the generator",
                                                        "the generator knows nothing",
                                                        "the generator takes no orders (",
                                                        "the generator reported an error (",
                                                        "the generator refused the content",
                                                        "nobody can tell whether the generator",
                                                        "the register says delivered",
                                                        "its delivery is registered",
                                                        "its refund is registered",
                                                        "the refund is made",
                                                        "read the refunds",
                                                        "its outcome could not be registered",
                                                        "automatic refunds are stopped",
                                                        "the payment is disputed",
                                                        " are disputed",
                                                        "find what was delivered",
                                                        "not finished within the deadline",
                                                        "(buyer) looked at a refused prompt",
                                                        "buyer: another prompt",
                                                        "buyer: no other prompt",
                                                        "(fault) Redis went back in time",
                                                        "(fault) the work index lost an order",
                                                        "(fault) a machine's clock jumped",
                                                        "(fault) a person refunded",
                                                        "(fault) another program wrote",
                                                        "(fault) the generator's list was full",
                                                        "(fault) Stripe was away",
                                                        "(generator) all places are taken",
                                                        "others are first at the generator",
                                                        "operator: retry",
                                                        "operator: resubmit",
                                                        "operator: deliver",
                                                        "operator: refund",
                                                        "operator: erase",
                                                        "(person) rejected: refund deliver"};
constexpr std::uint64_t seeds_for_sometimes = 1000;
// Is the seed all that a run follows from? A prime, so that every kind of world is repeated.
constexpr std::uint64_t repeated_every = 101;

struct Totals {
  Verdict sum;
  std::uint64_t failed = 0;
};

// A reason without what differs in each run: which video, what else, Stripe's number for it.
std::string kind_of(std::string why) {
  why.resize(std::min({why.size(), why.find("; "), why.find(", req_")}));
  if (why.starts_with(by_operator)) why.resize(std::min(why.size(), why.find(" video")));
  constexpr std::string_view video = "video ";
  if (why.starts_with(video)) why.erase(0, why.find(": ", video.size()) + 2);
  return why;
}

void add(Totals& totals, const Verdict& verdict, std::uint64_t seed) {
  Verdict& sum = totals.sum;
  sum.orders += verdict.orders;
  sum.units += verdict.units;
  sum.delivered += verdict.delivered;
  sum.refunded += verdict.refunded;
  sum.held += verdict.held;
  sum.generations += verdict.generations;
  for (const auto& [what, count] : verdict.happened) sum.happened[kind_of(what)] += count;
  for (const std::string& finding : verdict.findings) fmt::print("seed {}: {}\n", seed, finding);
  if (verdict.findings.empty()) return;
  ++totals.failed;
  fmt::print("  repeat it: ./dev sim --first {} --seeds 1 --verbose\n", seed);
}

bool took_every_path(const Verdict& sum) {
  bool all = true;
  for (const std::string_view wanted : sometimes) {
    const bool taken = std::ranges::any_of(sum.happened, [&](const auto& step) {
      return step.first.find(wanted) != std::string::npos;
    });
    if (!taken) fmt::print("never happened: {}\n", wanted);
    all = all && taken;
  }
  return all;
}

int run(const Options& options) {
  Totals totals;
  for (std::uint64_t seed = options.first; seed < options.first + options.seeds; ++seed) {
    Verdict verdict = World(seed).run();
    if (seed % repeated_every == 0 && World(seed).run() != verdict) {
      verdict.findings.emplace_back("the same seed took another course");
    }
    add(totals, verdict, seed);
  }
  const Verdict& sum = totals.sum;
  if (options.verbose || options.seeds >= seeds_for_sometimes) {
    for (const auto& [what, count] : sum.happened) fmt::print("{:>9}  {}\n", count, what);
  }
  fmt::print(
      "{} seeds, {} with findings: {} paid orders, {} videos: {} delivered, {} refunded, "
      "{} held; {} generations\n",
      options.seeds, totals.failed, sum.orders, sum.units, sum.delivered, sum.refunded, sum.held,
      sum.generations);
  const bool complete = options.seeds < seeds_for_sometimes || took_every_path(sum);
  return totals.failed == 0 && complete ? 0 : 1;
}

}  // namespace

}  // namespace claimcheck::sim

int main(int argc, char** argv) {
  claimcheck::sim::Options options;
  CLI::App app("Simulates claimcheck in a world full of faults, by seed.", "claimcheck-sim");
  app.add_option("--first", options.first, "the first seed");
  app.add_option("--seeds", options.seeds, "how many");
  app.add_flag("--verbose", options.verbose, "the log, and every kind of step with its number");
  CLI11_PARSE(app, argc, argv);
  claimcheck::set_log_level(options.verbose ? claimcheck::LogLevel::debug
                                            : claimcheck::LogLevel::off);
  return claimcheck::sim::run(options);
}
