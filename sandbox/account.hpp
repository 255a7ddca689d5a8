// Account: one account at the imitated Stripe, with objects, events, idempotency keys, payment
// pages and control routes of its own. There is the one whose keys the sandbox takes; a call with
// the header Stripe-Account is about a connected one, which exists from its first call on. Time,
// faults, webhooks and the generator are shared by all accounts.
#pragma once

#include "sandbox/checkouts.hpp"
#include "sandbox/control.hpp"
#include "sandbox/fal_api.hpp"
#include "sandbox/generator_api.hpp"
#include "sandbox/gpu_api.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/openrouter_api.hpp"
#include "sandbox/pay_page.hpp"
#include "sandbox/provider_callbacks.hpp"
#include "sandbox/provider_jobs.hpp"
#include "sandbox/replicate_api.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/shop.hpp"
#include "sandbox/stripe_api.hpp"

#include <string>

namespace claimcheck::sandbox {

// What all accounts share, in the order of construction.
struct Shared {
  Shared(Clock& real, HttpClient& http, Tasks& tasks, const Options& options)
      : clock(real),
        agenda(clock, tasks),
        faults(options.seed),
        webhooks(http, clock, agenda, tasks, faults,
                 {options.webhook_url, split_secrets(options.webhook_secrets)}),
        generator(clock, agenda, options.generate),
        generator_api(generator, clock, options.generator_token),
        jobs(clock, agenda, options.generate),
        callbacks(http, clock, agenda, tasks),
        replicate(jobs, callbacks, clock),
        openrouter(jobs, callbacks, clock),
        gpu(jobs, callbacks, faults, clock),
        fal(jobs, callbacks, clock) {
    jobs.set_video(options.video);
  }

  MovableClock clock;
  Agenda agenda;
  Faults faults;
  Webhooks webhooks;
  Generator generator;
  GeneratorApi generator_api;
  ProviderJobs jobs;
  ProviderCallbacks callbacks;
  ReplicateApi replicate;
  OpenRouterApi openrouter;
  GpuApi gpu;
  FalApi fal;
};

struct Account {
  // `connected`: its id; empty = the account whose keys the sandbox takes.
  Account(Shared& shared, const Options& options, const std::string& connected);

  StripeState state;
  Events events;
  Payments payments;
  Checkouts checkouts;
  StripeApi stripe;
  PayPage pay_page;
  Ledger ledger;
  Shop shop;
  Control control;
};

}  // namespace claimcheck::sandbox
