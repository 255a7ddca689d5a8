// Margin: what an order has brought, and what its jobs have cost us at generators, by currency.
// What is earned in one currency and paid in another stands in two rows and is never added. Costs
// are known as far as the provider tells them or the configuration names them. Pure values.
#pragma once

#include "domain/claim.hpp"
#include "domain/provider_cost.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// Amounts in millionths of the currency: a job may cost less than a cent.
struct Margin {
  std::string currency;      // lowercase ISO 4217, or "credits"
  std::int64_t revenue = 0;  // paid, less what was refunded
  std::int64_t cost = 0;

  std::int64_t left() const { return revenue - cost; }
};

// Of a paid order, its own currency first; nothing of any other order.
std::vector<Margin> margins_of(const Claim& claim);
// What all its jobs cost, by currency.
std::vector<ProviderCost> costs_of(const Claim& claim);
// "earned 19.00 USD, generators 1.20 USD, left 17.80 USD"; empty = no cost is known.
std::string margin_words(const Claim& claim);

// Adds to the row of the same currency, or a new one.
void add_margin(std::vector<Margin>& margins, const Margin& more);
// For people, to the currency's own digits: "1.20 USD", "24 credits".
std::string micros_text(std::int64_t micros, const std::string& currency);

}  // namespace claimcheck
