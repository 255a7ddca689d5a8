#include "domain/alert_words.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

constexpr const char* overview = "/ops#/";

std::string plural(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// ": <reason>"; nothing without one.
std::string colon_and(const std::string& why) { return why.empty() ? "" : ": " + why; }

AlertWords stripe_words(const AlertRecord& record) {
  if (record.kind == AlertKind::stripe_key) {
    return {.title = "Stripe refuses the key",
            .what = "Stripe refuses STRIPE_SECRET_KEY.",
            .meanwhile = "Nobody can pay. Paid orders wait, and nothing is lost.",
            .todo = "Set a valid STRIPE_SECRET_KEY and start claimcheck again.",
            .ended = "Stripe accepts the key again.",
            .page = overview};
  }
  return {.title = "Stripe is away",
          .what = "No call to Stripe has succeeded for minutes.",
          .meanwhile = "New buyers cannot pay. Paid orders wait, and go on by themselves.",
          .todo = "Look at status.stripe.com and at this machine's network.",
          .ended = "Stripe answers again.",
          .page = overview};
}

AlertWords pause_words() {
  return {.title = "New checkouts are paused",
          .what = "Many cards were declined in a short time: somebody may be testing stolen ones.",
          .meanwhile =
              "No new checkout is opened. Orders that exist can be paid, and are made. The pause "
              "ends by itself when the declines have ended.",
          .todo =
              "Look at the declined payments in Stripe's Dashboard. If they are your buyers', end "
              "the pause at /ops or by \"claimcheck checkout resume\".",
          .ended = "Checkouts are opened again.",
          .page = overview};
}

AlertWords webhook_words(const AlertRecord& record) {
  if (record.kind == AlertKind::webhook_secret) {
    return {.title = "Stripe's events are refused",
            .what =
                "Every event of the last hour was refused by its signature: "
                "STRIPE_WEBHOOK_SECRET is not the secret of this webhook endpoint.",
            .meanwhile = "Payments are still found by reading Stripe, minutes later.",
            .todo =
                "Copy the endpoint's signing secret from Stripe's Dashboard to "
                "STRIPE_WEBHOOK_SECRET and start claimcheck again.",
            .ended = "Stripe's events are accepted.",
            .page = overview};
  }
  return {.title = "Stripe sends no events",
          .what = "Orders were paid in the last hour, and no event of Stripe has come.",
          .meanwhile = "Payments are found by reading Stripe, minutes later.",
          .todo =
              "Look in Stripe's Dashboard whether the webhook endpoint is enabled and has the "
              "right address. \"claimcheck doctor\" compares it.",
          .ended = "Stripe's events come again.",
          .page = overview};
}

AlertWords generator_words(const AlertRecord& record) {
  if (record.kind == AlertKind::generator_token) {
    return {.title = "The generator refuses the token",
            .what = "The generator refuses SUPERDUPERAI_TOKEN.",
            .meanwhile = "Paid orders wait, and are refunded after CLAIMCHECK_GENERATOR_PATIENCE.",
            .todo = "Set a valid SUPERDUPERAI_TOKEN and start claimcheck again.",
            .ended = "The generator accepts the token again.",
            .page = overview};
  }
  if (record.kind == AlertKind::generator_setup) {
    return {.title = "A generator refuses its key, or a model is gone",
            .what = fmt::format("What is configured does not work{}.", colon_and(record.why)),
            .meanwhile = "Orders wait, or are made by the next generator of their tool.",
            .todo = "Correct the [generator] table or the tools that name the model.",
            .ended = "Every generator takes its key and has its models again.",
            .page = overview};
  }
  if (record.kind == AlertKind::balance_low) {
    return {
        .title = "A generator's account runs low",
        .what = fmt::format("The account at a generator has little left{}.", colon_and(record.why)),
        .meanwhile = "Orders go on until it is used up. Then they wait.",
        .todo = "Pay in at the generator.",
        .ended = "Every account at a generator has enough again.",
        .page = overview};
  }
  return {.title = "The generator is away",
          .what = fmt::format("The generator makes no videos{}.", colon_and(record.why)),
          .meanwhile = fmt::format("{} and {} when the generator is back. What waits longer than "
                                   "CLAIMCHECK_GENERATOR_PATIENCE is refunded.",
                                   plural(record.count, "video waits", "videos wait"),
                                   record.count == 1 ? "goes on by itself" : "go on by themselves"),
          .todo = "Look at the generator's status and account. You can refund what waits at /ops.",
          .ended = "The generator takes orders again, or none waits for it any more.",
          .page = "/ops#/orders/working"};
}

AlertWords order_words(const AlertRecord& record) {
  if (record.kind == AlertKind::held) {
    return {.title = plural(record.count, "order is held", "orders are held"),
            .what = fmt::format("{} for a person's decision.",
                                plural(record.count, "order waits", "orders wait")),
            .meanwhile = "Nothing is generated or refunded for held videos until you decide.",
            .todo = "Open the held orders at /ops: each says why it is held and what you can do.",
            .ended = "No order is held any more.",
            .page = "/ops#/orders/held"};
  }
  return {.title = plural(record.count, "payment is disputed", "payments are disputed"),
          .what = fmt::format("{} an answer about a payment{}.",
                              plural(record.count, "bank awaits", "banks await"),
                              colon_and(record.why)),
          .meanwhile =
              "Nothing is answered by itself. Without an answer the bank takes the money "
              "back.",
          .todo = "Open the disputed orders at /ops: they have the evidence ready to copy.",
          .ended = "No dispute awaits an answer any more.",
          .page = "/ops#/orders/disputed"};
}

AlertWords link_words(const AlertRecord& record) {
  return {.title = plural(record.count, "delivered link is dead", "delivered links are dead"),
          .what = fmt::format("In the last hour {} not at the address that the buyer has, and the "
                              "generator gave no other one.",
                              plural(record.count, "video was", "videos were")),
          .meanwhile = "The buyer's page says so. Nothing is made again or refunded by itself.",
          .todo =
              "The log names the orders (\"link_dead\"): write to their buyers, and send the file "
              "or refund it in Stripe's Dashboard. With CLAIMCHECK_STORAGE_URL files are kept.",
          .ended = "No delivered link was found dead for an hour. Those from before still are.",
          .page = overview};
}

AlertWords refund_words(const AlertRecord& record) {
  return {.title = "Automatic refunds are stopped",
          .what = fmt::format("The refund breaker is open{}.", colon_and(record.why)),
          .meanwhile = "Deliveries go on. Orders that are to be refunded wait.",
          .todo = "Check the latest refunds, then let them go on at /ops.",
          .ended = "Refunds go on by themselves again.",
          .page = overview};
}

AlertWords own_words(const AlertRecord& record) {
  if (record.kind == AlertKind::redis_away) {
    return {.title = "Redis is away",
            .what = fmt::format("This process cannot use Redis{}.", colon_and(record.why)),
            .meanwhile =
                "Nothing is accepted and no order goes on. Buyers see that they should "
                "wait.",
            .todo = "Start Redis again, or repair the network to it.",
            .ended = "This process can use Redis again.",
            .page = overview};
  }
  if (record.kind == AlertKind::clock) {
    return {.title = "A clock is wrong",
            .what = "The clock of a process differs from Stripe's.",
            .meanwhile = "Orders go on, but none ends by a deadline until the clocks agree.",
            .todo = "Set the machine's clock by NTP. \"claimcheck doctor\" says which is wrong.",
            .ended = "No clock was found to be wrong for an hour.",
            .page = overview};
  }
  return {.title = "Notifications were given up",
          .what = "Notifications to the shop or to buyers were given up in the last hour.",
          .meanwhile = "They are kept for 30 days. Orders go on.",
          .todo =
              "Look at CLAIMCHECK_NOTIFY_URL and CLAIMCHECK_SMTP_URL, then send them again at "
              "/ops.",
          .ended = "No notification was given up for an hour. Those from before wait at /ops.",
          .page = "/ops#/notifications/dead"};
}

}  // namespace

AlertWords alert_words(const AlertRecord& record) {
  switch (record.kind) {
    case AlertKind::stripe_key:
    case AlertKind::stripe_away: return stripe_words(record);
    case AlertKind::checkout_paused: return pause_words();
    case AlertKind::webhook_secret:
    case AlertKind::webhook_silent: return webhook_words(record);
    case AlertKind::generator_token:
    case AlertKind::generator_setup:
    case AlertKind::generator_away:
    case AlertKind::balance_low: return generator_words(record);
    case AlertKind::held:
    case AlertKind::disputes: return order_words(record);
    case AlertKind::link_dead: return link_words(record);
    case AlertKind::refunds_stopped: return refund_words(record);
    case AlertKind::redis_away:
    case AlertKind::clock:
    case AlertKind::notifications: return own_words(record);
  }
  return {};
}

}  // namespace claimcheck
