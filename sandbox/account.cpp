#include "sandbox/account.hpp"

namespace claimcheck::sandbox {

Account::Account(Shared& shared, const Options& options, const std::string& connected)
    : events(state, shared.clock, shared.webhooks, connected),
      payments(state, events, shared.clock, shared.agenda, options.pay_later),
      checkouts(state, payments, shared.clock),
      stripe(state, payments, checkouts, events, shared.clock,
             {.secret_key = options.secret_key,
              .account = connected.empty() ? options.account : connected,
              .keys_kept = options.keys_kept,
              .calls_per_second = options.calls_per_second,
              .webhook_url = connected.empty() ? options.webhook_url : ""}),
      pay_page(state, payments, shared.webhooks, shared.clock),
      ledger(state, shared.webhooks, shared.generator, shared.jobs),
      shop(state, options.shop_api),
      control({shared.clock, shared.agenda, shared.faults, state, shared.webhooks, events, payments,
               checkouts, shared.generator, shared.jobs, ledger, shop, stripe}) {
  state.offers = options.offers;
  for (const PriceOption& price : options.prices) {
    Object& added = state.prices.add(
        new_price(price.id, price.currency, price.unit_amount, to_unix_s(shared.clock.now())));
    added["nickname"] = price.name;
  }
}

}  // namespace claimcheck::sandbox
