// Counts money in Metrics: each sale once, when its claim is first seen to be paid, with what was
// really paid; each refund once, when it is confirmed; what jobs cost at generators, when that is
// known. By currency and price, and by currency and tool; prices and tools beyond the first
// configured ones are one, "other", so that the series stay few. The counts are hints: a crash
// between the write of a claim and its count loses one.
#pragma once

#include "flow/context.hpp"

#include <cstddef>

namespace claimcheck {

inline constexpr std::ptrdiff_t counted_names_max = 20;  // prices, and tools

void count_sale(const Context& context, const Claim& claim);
// Of what has changed between two versions of a claim.
void count_money(const Context& context, const Claim& before, const Claim& after);

}  // namespace claimcheck
