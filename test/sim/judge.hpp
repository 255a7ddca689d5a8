// Judge: what must be true of a simulated run, told from outside: what buyers were ever shown, and
// the books of the pretended Stripe and generator. The program's own words count only where they
// say what waits for a person.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/json_text.hpp"
#include "sim/generators.hpp"
#include "sim/step.hpp"
#include "store/memory/store.hpp"
#include "unit/support/bucket.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace claimcheck::sim {

struct Verdict {
  std::vector<std::string> findings;  // empty = all is well
  std::int64_t orders = 0;            // paid ones
  std::int64_t units = 0;
  std::int64_t delivered = 0;
  std::int64_t refunded = 0;
  std::int64_t held = 0;
  std::int64_t generations = 0;
  std::map<std::string, std::int64_t> happened;  // every kind of step, by its reason

  bool operator==(const Verdict&) const = default;
};

class Judge {
 public:
  void shown(const std::string& session_id, const std::string& bytes);
  void happened(const std::string& why);
  // A write to an order: is it one? What it intends may be submitted from now on.
  void stored(const std::string& session_id, const Step& step);
  // A buyer has this order: all that is told of it, and made for it, is of this prompt.
  void ordered(const std::string& session_id, const std::string& prompt);
  void told(const std::string& session_id, const std::string& prompt);
  // The buyer writes another one: from now on it may be of this one as well.
  void edits(const std::string& session_id, const std::string& prompt);

  // In this world a video is delivered only when its copy is there.
  void results_are_kept_in(const test::Bucket& bucket) { bucket_ = &bucket; }

  // A member of the work index was made due.
  void woken(const std::string& member) { ++woken_[member]; }
  // Nothing but the session value tells that it is ours.
  void sold_by_site(const std::string& session_id) { at_site_.insert(session_id); }
  bool is_ours_and_paid(const sandbox::Object& session) const;
  std::int64_t times_woken(const std::string& member) const;

  // Where every process lives and Redis answers, slow peers let no lease run out.
  void taken(const std::vector<Due>& members, Time now);
  void leases_may_run_out_until(Time when) { lapse_excused_ = std::max(lapse_excused_, when); }

  // Before a request of ours is carried out: was all of it recorded that must be? Of the ledger:
  // charges for a refund, generations for a submit.
  void asked(const HttpRequest& request, const sandbox::Object& ledger, Time now);
  // A generator has answered that it does not make such content; the answer may be lost.
  void content_refused(const Submission& asked);
  // After one that changes something out there: is everything still well? Of the ledger: charges
  // and refunds.
  void step(const sandbox::Object& ledger);
  void found(const std::string& what) { broken_.insert(what); }

  // Is nothing left to do for any of them?
  bool settled(const sandbox::Object& ledger, const std::map<std::string, Claim>& claims) const;

  // `ledger`: everything the sandbox knows. Orders that ended are looked up in the store.
  Verdict judge(const sandbox::Object& ledger, const std::map<std::string, Claim>& claims,
                Time now);

 private:
  using Units = std::set<std::size_t>;
  void asked_to_generate(const HttpRequest& request, const sandbox::Object& ledger, Time now);
  bool is_known(const MadeJob& job, const std::string& unit) const;
  const std::string& owner_of(const MadeJob& job) const;
  void check_refunds(const std::map<std::string, int>& by_unit);
  void check_register(const sandbox::Object& ledger);
  void check_copies(const std::string& session_id, const Step& step);
  void check_generations(const std::vector<MadeJob>& jobs);
  void check_made_for(const std::vector<MadeJob>& jobs, const std::string& unit, const Unit& of);

  const test::Bucket* bucket_ = nullptr;         // null = results are not kept
  std::map<std::string, Units> shown_;           // videos that were ever shown
  std::map<std::int64_t, std::string> seeds_;    // of intents that were ever stored: whose
  std::map<std::int64_t, std::string> digests_;  // likewise: of which prompt
  std::map<std::string, std::set<std::string>> known_jobs_;  // handles, by "<session>/<unit>"
  struct RefusedContent {
    std::string generator;
    std::size_t known_jobs = 0;  // of that unit, at that time
  };
  std::map<std::string, RefusedContent> refused_;  // at the submit, likewise
  std::map<std::string, std::string> outcomes_;    // "<charge>/claimcheck_u0": as first registered
  std::map<std::string, std::set<std::string>> prompts_;  // by session
  std::set<std::string> at_site_;                         // sessions of the shop's own site
  std::map<std::string, std::int64_t> woken_;             // how often
  std::map<std::string, std::int64_t> resubmitted_;  // "<session>/<unit>": by a person, how often
  std::map<std::string, std::int64_t> edited_;       // likewise: begun anew with another prompt
  Time lapse_excused_;                               // until then, by what has struck
  std::set<std::string> broken_;                     // what was found on the way
  std::map<std::string, std::int64_t> happened_;
};

}  // namespace claimcheck::sim
