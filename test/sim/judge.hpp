// Judge: what must be true of a simulated run, told from outside: what buyers were ever shown, and
// the books of the pretended Stripe and generator. The program's own words count only where they
// say what waits for a person.
#pragma once

#include "sandbox/json_text.hpp"
#include "store/memory_store.hpp"

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

  // `ledger`: everything the sandbox knows. Orders that ended are looked up in the store.
  Verdict judge(const sandbox::Object& ledger, const std::map<std::string, Claim>& claims) const;

 private:
  using Units = std::set<std::size_t>;
  std::map<std::string, Units> shown_;  // videos that were ever shown
  std::map<std::string, std::int64_t> happened_;
};

// Is nothing left to do for any of them?
bool settled(const sandbox::Object& ledger, const std::map<std::string, Claim>& claims);

}  // namespace claimcheck::sim
