// The generators of the simulated worlds: how a process is configured for them, what is ordered
// from them, and the jobs that the sandbox has of all of them. SuperDuperAI can be asked whether it
// has a job, the others cannot.
#pragma once

#include "generator/options.hpp"
#include "net/http/http.hpp"
#include "sandbox/json_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::sim {

std::vector<GeneratorOptions> all_generators(GeneratorCapacity capacity);
// "http://replicate": its peer in the fake network.
std::string peer_of(std::string_view generator);
bool looks_up(std::string_view generator);

bool is_submit(const HttpRequest& request);

struct Submission {
  std::string generator;
  std::int64_t seed = 0;
  std::string prompt;
};
// Of a request that is_submit().
Submission submission_in(const HttpRequest& request);

// At the submit; only fal does so.
bool refuses_content(const HttpResponse& answer);

// A job, as the sandbox's books have it.
struct MadeJob {
  std::string id;
  std::string generator;
  std::int64_t seed = 0;
  bool refused = false;  // its content
  bool lives = false;    // it has made a result that is still there, or may make one

  // Is it the one that the unit's handle names?
  bool is(std::string_view handle) const;
};
// `ledger`: its generations.
std::vector<MadeJob> jobs_in(const sandbox::Object& ledger, Time now);

}  // namespace claimcheck::sim
