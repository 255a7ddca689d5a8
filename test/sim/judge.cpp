#include "sim/judge.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "domain/command.hpp"
#include "domain/names.hpp"
#include "domain/order_machine.hpp"
#include "sandbox/form.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck::sim {

namespace {

using sandbox::integer_of;
using sandbox::Object;
using sandbox::text_of;
using sandbox::Value;

constexpr std::string_view by_hand = "https://hand/";

const boost::json::array& list(const Object& ledger, std::string_view name) {
  return ledger.at(name).get_array();
}

// Refunds of ours by unit, and what others sent back by payment.
struct Refunds {
  std::map<std::string, int> by_unit;
  std::map<std::string, std::int64_t> others;  // by payment intent
};

Refunds refunds_of(const Object& ledger) {
  Refunds refunds;
  for (const Value& value : list(ledger, "refunds")) {
    const Object& refund = value.get_object();
    if (text_of(refund, "status") == "failed") continue;
    const std::string tag = text_of(refund.at("metadata").get_object(), "claimcheck");
    if (tag.empty()) {
      refunds.others[text_of(refund, "payment_intent")] += integer_of(refund, "amount");
    } else {
      ++refunds.by_unit[tag];
    }
  }
  return refunds;
}

std::string words(const Claim& claim) {
  std::string text(name_of(claim.state));
  for (const Unit& unit : claim.units) {
    text += fmt::format(" {}", name_of(unit.state));
    if (!unit.reason.empty()) text += fmt::format(" ({})", unit.reason);
  }
  return text + (claim.reason.empty() ? "" : ": " + claim.reason);
}

// No outage in here is longer than the patience of an order, so a video fails only by a word of the
// generator's, the loss of the order's data, or a person.
bool ends_without_evidence(const Step& step) {
  constexpr std::array<std::string_view, 10> evidence = {"the generator rejected it",
                                                         "buyer: no other prompt",
                                                         "fal rejected it",
                                                         "refused the content",
                                                         "the generator reported an error",
                                                         "has lost the job",
                                                         "not finished within",
                                                         "there is none",
                                                         "its data is",
                                                         "its prompt is gone"};
  if (step.why.starts_with(by_operator)) return false;
  for (std::size_t i = 0; i < step.after.units.size(); ++i) {
    const bool fails = step.after.units[i].state == UnitState::failed &&
                       step.before.units.at(i).state != UnitState::failed;
    const auto is_named = [&step](std::string_view why) { return step.why.contains(why); };
    if (fails && std::ranges::none_of(evidence, is_named)) return true;
  }
  return false;
}

bool over(const Claim& claim) {
  return is_terminal(claim.state) || claim.state == OrderState::held;
}

}  // namespace

// What Redis has forgotten of the site's own orders nobody can know.
bool Judge::is_ours_and_paid(const Object& session) const {
  const std::string status = text_of(session, "payment_status");
  if (status != "paid" && status != "no_payment_required") return false;
  const bool forgot = happened_.contains("(fault) Redis went back in time");
  if (at_site_.contains(text_of(session, "id"))) return !forgot;
  return session.at("metadata").is_object() &&
         text_of(session.at("metadata").get_object(), "tool") == "veo3-generator";
}

void Judge::happened(const std::string& why) { ++happened_[why]; }

void Judge::shown(const std::string& session_id, const std::string& bytes) {
  const Result<SessionData> session = decode_session(bytes);
  if (!session || !session->files) return;
  for (std::size_t i = 0; i < session->files->size(); ++i) {
    if (session->files->at(i).url) shown_[session_id].insert(i);
  }
}

void Judge::stored(const std::string& session_id, const Step& step) {
  // A version that Redis forgot comes again, so a worker of before may write over what came since.
  // Then only what is outside of Redis tells: the register, refunds and generations.
  const bool fenced = !happened_.contains("(fault) Redis went back in time");
  for (const std::string& what : wrong_in(step, fenced)) found(session_id + ": " + what);
  check_copies(session_id, step);
  if (ends_without_evidence(step)) found(session_id + " ended for: " + step.why);
  for (std::size_t i = 0; i < step.after.units.size(); ++i) {
    const Unit& unit = step.after.units[i];
    const std::string name = fmt::format("{}/{}", session_id, i);
    if (unit.state == UnitState::submitting) {
      seeds_[unit.seed] = name;
      digests_[unit.seed] = step.after.prompt_sha256;
    }
    if (step.why.contains("another prompt") && unit.state == UnitState::waiting &&
        unit.attempt > step.before.units.at(i).attempt) {
      ++edited_[name];
    }
    if (!unit.job.empty()) known_jobs_[fmt::format("{}/{}", session_id, i)].insert(handle_of(unit));
    // A person has bought one more.
    const bool again = step.why.starts_with(fmt::format("{}: resubmit", by_operator)) &&
                       unit.attempt > step.before.units.at(i).attempt;
    if (again) ++resubmitted_[fmt::format("{}/{}", session_id, i)];
  }
}

// A video leaves `copying` as made only when its whole copy is there.
void Judge::check_copies(const std::string& session_id, const Step& step) {
  if (bucket_ == nullptr || step.why.starts_with(by_operator)) return;
  for (std::size_t i = 0; i < step.before.units.size(); ++i) {
    const Unit& unit = step.after.units.at(i);
    const bool made = unit.state == UnitState::ready || unit.state == UnitState::delivered;
    if (step.before.units[i].state != UnitState::copying || !made) continue;
    const auto copy = bucket_->objects.find("/" + unit.object);
    const bool whole = copy != bucket_->objects.end() && !copy->second.bytes.empty() &&
                       static_cast<std::int64_t>(copy->second.bytes.size()) == unit.bytes;
    if (!whole) found(fmt::format("{}/{} counts as made without its copy", session_id, i));
  }
}

void Judge::ordered(const std::string& session_id, const std::string& prompt) {
  prompts_[session_id].insert(prompt);
}

void Judge::told(const std::string& session_id, const std::string& prompt) {
  const auto ordered = prompts_.find(session_id);
  if (ordered == prompts_.end() || ordered->second.contains(prompt)) return;
  found(fmt::format("{} is not of '{}'", session_id, prompt));
}

void Judge::edits(const std::string& session_id, const std::string& prompt) {
  prompts_[session_id].insert(prompt);
}

std::int64_t Judge::times_woken(const std::string& member) const {
  const auto entry = woken_.find(member);
  return entry == woken_.end() ? 0 : entry->second;
}

const std::string& Judge::owner_of(const MadeJob& job) const {
  static const std::string nobody;
  const auto unit = seeds_.find(job.seed);
  return unit == seeds_.end() ? nobody : unit->second;
}

// Did its order ever have this job? One that it never heard of may exist as well.
bool Judge::is_known(const MadeJob& job, const std::string& unit) const {
  const auto known = known_jobs_.find(unit);
  return known != known_jobs_.end() &&
         std::ranges::any_of(known->second, [&job](const auto& handle) { return job.is(handle); });
}

void Judge::content_refused(const Submission& asked) {
  const auto intent = seeds_.find(asked.seed);
  if (intent == seeds_.end()) return;
  refused_[intent->second] = {asked.generator, known_jobs_[intent->second].size()};
}

// While a job of a unit lives, at whichever generator, no other one is asked for: a look-up comes
// before a second submit, and late enough to see the first. Where no look-up is possible, a job
// that nobody heard of may live: one for each job that the order had there, and one for the submit
// that is repeated now; so another generator is asked only after a job's failure. Refused content
// is asked for no more; where the refusal at a submit was lost, only the same generator is asked.
void Judge::asked_to_generate(const HttpRequest& request, const Object& ledger, Time now) {
  const Submission asked = submission_in(request);
  const auto intent = seeds_.find(asked.seed);
  if (intent == seeds_.end()) return found(fmt::format("seed {} has no stored intent", asked.seed));
  const std::string& unit = intent->second;
  told(unit.substr(0, unit.rfind('/')), asked.prompt);
  const bool fenced = !happened_.contains("(fault) Redis went back in time");
  if (fenced && sha256_hex(asked.prompt) != digests_[asked.seed]) {
    found(unit + " is submitted with another prompt than was intended");
  }
  // What Redis forgot is not looked up, and a person may buy one more.
  if (!fenced || resubmitted_.contains(unit)) return;
  // The other prompt of the buyer was refused by nobody yet.
  const bool edited = edited_.contains(unit);
  const auto refused = refused_.find(unit);
  if (!edited && refused != refused_.end() && refused->second.generator != asked.generator &&
      refused->second.known_jobs == known_jobs_[unit].size()) {
    found(unit + " was refused at its submit and goes to " + asked.generator);
  }
  std::map<std::string, std::int64_t> unheard;
  std::map<std::string, std::int64_t> known;
  for (const MadeJob& job : jobs_in(ledger, now)) {
    if (owner_of(job) != unit) continue;
    const bool is_unheard = !is_known(job, unit);
    if (!is_unheard) ++known[job.generator];
    if (job.refused && !is_unheard && !edited) found(unit + " was refused and is made once more");
    if (!job.lives) continue;
    if (is_unheard && !looks_up(job.generator)) {
      ++unheard[job.generator];
    } else {
      found(unit + " is made once more");
    }
  }
  for (const auto& [generator, count] : unheard) {
    const std::int64_t submits = known[generator] + (generator == asked.generator ? 1 : 0);
    if (count <= submits * Policy().doubles_max) continue;
    found(fmt::format("{} is made at {} while {} jobs may live at {}", unit, asked.generator, count,
                      generator));
  }
}

void Judge::taken(const std::vector<Due>& members, Time now) {
  for (const Due& due : members) {
    if (due.lapses > 0 && now > lapse_excused_) found("a living worker lost " + due.member);
  }
}

void Judge::asked(const HttpRequest& request, const Object& ledger, Time now) {
  if (is_submit(request)) return asked_to_generate(request, ledger, now);
  const Result<Object> form = sandbox::parse_form(request.body);
  ENSURE(form.has_value());
  const std::string tag = text_of(form->at("metadata").get_object(), "claimcheck");
  const std::string unit = "claimcheck_u" + tag.substr(tag.rfind('/') + 1);
  // A declined card has left a charge of its own.
  const bool registered = std::ranges::any_of(list(ledger, "charges"), [&](const Value& charge) {
    const Object& one = charge.get_object();
    return text_of(one, "payment_intent") == text_of(*form, "payment_intent") &&
           text_of(one.at("metadata").get_object(), unit) == "refund";
  });
  if (!registered) found(tag + " is refunded and not registered so");
}

void Judge::step(const Object& ledger) {
  check_refunds(refunds_of(ledger).by_unit);
  check_register(ledger);
}

// Whatever stands in the register first stands there for ever.
void Judge::check_register(const Object& ledger) {
  for (const Value& value : list(ledger, "charges")) {
    const Object& charge = value.get_object();
    for (const auto& member : charge.at("metadata").get_object()) {
      const std::string unit = text_of(charge, "id") + "/" + std::string(member.key());
      const std::string outcome(member.value().get_string());
      if (outcomes_.emplace(unit, outcome).first->second != outcome) {
        found(unit + " was registered twice, differently");
      }
    }
  }
}

// Each life of a record may cost as many generations at each generator as there are attempts, and
// where no look-up is possible as many again; going back in time begins another life.
void Judge::check_generations(const std::vector<MadeJob>& jobs) {
  const auto went_back = happened_.find("(fault) Redis went back in time");
  const std::int64_t lives = 1 + (went_back == happened_.end() ? 0 : went_back->second);
  std::map<std::pair<std::string, std::string>, std::int64_t> made;
  for (const MadeJob& job : jobs) {
    if (const std::string& unit = owner_of(job); !unit.empty()) ++made[{unit, job.generator}];
  }
  for (const auto& [of, count] : made) {
    const auto& [unit, generator] = of;
    const std::int64_t each = looks_up(generator) ? 1 : 1 + Policy().doubles_max;
    const std::int64_t begun = 1 + edited_[unit];
    if (count > (Policy().generations_max * begun + resubmitted_[unit]) * each * lives)
      found(fmt::format("{} was made {} times at {}", unit, count, generator));
  }
}

// What a person gave by hand was made elsewhere.
void Judge::check_made_for(const std::vector<MadeJob>& jobs, const std::string& unit,
                           const Unit& of) {
  if (of.job.empty() || of.url.empty() || of.url.starts_with(by_hand)) return;
  const auto job =
      std::ranges::find_if(jobs, [&of](const MadeJob& one) { return one.is(handle_of(of)); });
  if (job == jobs.end() || owner_of(*job) != unit) {
    found(fmt::format("{} has the video of {}, which was not made for it", unit, handle_of(of)));
  }
}

void Judge::check_refunds(const std::map<std::string, int>& by_unit) {
  for (const auto& [tag, count] : by_unit) {
    if (count > 1) found(fmt::format("{} was refunded {} times", tag, count));
    const std::size_t slash = tag.rfind('/');
    const auto seen = shown_.find(tag.substr(0, slash));
    const bool was_shown =
        seen != shown_.end() && seen->second.contains(std::stoul(tag.substr(slash + 1)));
    if (was_shown) found(tag + " was shown and refunded");
  }
}

Verdict Judge::judge(const Object& ledger, const std::map<std::string, Claim>& claims, Time now) {
  step(ledger);
  const std::vector<MadeJob> jobs = jobs_in(ledger, now);
  check_generations(jobs);
  for (const auto& [id, claim] : claims) {
    for (std::size_t i = 0; i < claim.units.size(); ++i) {
      check_made_for(jobs, fmt::format("{}/{}", id, i), claim.units[i]);
    }
  }
  Verdict verdict;
  verdict.happened = happened_;
  verdict.findings.assign(broken_.begin(), broken_.end());
  const Refunds refunds = refunds_of(ledger);
  const auto find = [&verdict](std::string what) { verdict.findings.push_back(std::move(what)); };
  verdict.generations =
      std::ranges::count_if(jobs, [this](const MadeJob& job) { return !owner_of(job).empty(); });
  for (const Value& value : list(ledger, "sessions")) {
    const Object& session = value.get_object();
    if (!is_ours_and_paid(session)) continue;
    const std::string id = text_of(session, "id");
    ++verdict.orders;
    const auto claim = claims.find(id);
    if (claim == claims.end()) {
      find(fmt::format("{} was paid and is not known", id));
      continue;
    }
    if (!over(claim->second)) find(fmt::format("{} is not over: {}", id, words(claim->second)));
    const auto seen = shown_.find(id);
    const bool by_others = refunds.others.contains(text_of(session, "payment_intent"));
    for (std::size_t i = 0; i < claim->second.units.size(); ++i) {
      ++verdict.units;
      const bool was_shown = seen != shown_.end() && seen->second.contains(i);
      const bool went_back = refunds.by_unit.contains(fmt::format("{}/{}", id, i));
      const bool waits = claim->second.state == OrderState::held;
      verdict.delivered += was_shown;
      verdict.refunded += went_back;
      verdict.held += !was_shown && !went_back && waits;
      // Delivered before Redis forgot it, or by hand: the buyer is told that its link is lost.
      const Unit& unit = claim->second.units[i];
      const bool lost = unit.state == UnitState::delivered && unit.url.empty() &&
                        happened_.contains("(fault) Redis went back in time");
      // Nothing was charged, so nothing goes back.
      const bool free = claim->second.amount_minor == 0 && unit.state == UnitState::refunded;
      if (!was_shown && !went_back && !waits && !by_others && !lost && !free) {
        find(fmt::format("{}/{} is neither delivered nor refunded: {}", id, i,
                         words(claim->second)));
      }
    }
  }
  return verdict;
}

bool Judge::settled(const Object& ledger, const std::map<std::string, Claim>& claims) const {
  // Also what need not be known, but is: its books are compared.
  const bool at_work = std::ranges::any_of(
      claims, [](const auto& one) { return one.second.paid_us != 0 && !over(one.second); });
  if (at_work) return false;
  return std::ranges::all_of(list(ledger, "sessions"), [&](const Value& value) {
    const Object& session = value.get_object();
    if (!is_ours_and_paid(session)) return true;
    const auto claim = claims.find(text_of(session, "id"));
    return claim != claims.end() && over(claim->second);
  });
}

}  // namespace claimcheck::sim
