// The stored forms: session values of several sizes, claims of one and of three units.
#include "store/codec.hpp"

#include "allocations.hpp"
#include "values.hpp"

namespace claimcheck::bench {
namespace {

void splice_status(benchmark::State& state) {
  const std::string value = session_value(static_cast<std::size_t>(state.range(0)));
  const std::vector<MemberChange> changes = {
      {.name = "status", .json = json_text("completed")},
      {.name = "timestamp", .json = json_text("2026-01-02T03:05:06.789Z")}};
  measure(state, [&] { return splice_session(value, changes); });
}
BENCHMARK(splice_status)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void decode_session_value(benchmark::State& state) {
  const std::string value = session_value(static_cast<std::size_t>(state.range(0)));
  measure(state, [&] { return decode_session(value); });
}
BENCHMARK(decode_session_value)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void encode_session_value(benchmark::State& state) {
  const SessionData session =
      *decode_session(session_value(static_cast<std::size_t>(state.range(0))));
  measure(state, [&] { return encode_session(session); });
}
BENCHMARK(encode_session_value)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void encode_claim_hash(benchmark::State& state) {
  const Claim claim = running_claim(static_cast<std::size_t>(state.range(0)));
  measure(state, [&] { return encode_claim(claim); });
}
BENCHMARK(encode_claim_hash)->Arg(1)->Arg(3);

void decode_claim_hash(benchmark::State& state) {
  const HashFields fields = encode_claim(running_claim(static_cast<std::size_t>(state.range(0))));
  measure(state, [&] { return decode_claim(fields); });
}
BENCHMARK(decode_claim_hash)->Arg(1)->Arg(3);

}  // namespace
}  // namespace claimcheck::bench
