// GeneratorOptions: one generator as the configuration describes it: which kind of provider, where,
// with which key, and the models that the shop uses there. Plain values; generators.hpp makes the
// generator from them.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "domain/capacity.hpp"

#include <boost/describe/enum.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

enum class GeneratorKind { superduperai, fal, replicate, openrouter, http };
BOOST_DESCRIBE_ENUM(GeneratorKind, superduperai, fal, replicate, openrouter, http)

// How a provider counts the length of a prompt.
enum class PromptUnit { characters, utf16, bytes };
BOOST_DESCRIBE_ENUM(PromptUnit, characters, utf16, bytes)

// A model of a generator. What is not given is not limited, or not known.
struct ModelOptions {
  std::string name;  // as the provider writes it: "fal-ai/veo3/fast"
  std::int64_t prompt_max = 0;
  PromptUnit prompt_unit = PromptUnit::characters;
  std::vector<double> durations;
  std::vector<std::string> resolutions;
  // The inputs as this model takes them (input_template.hpp); empty = the adapter's own.
  boost::json::object input;
  // What a job costs us, in millionths of `cost_currency`.
  std::int64_t cost_per_run_micros = 0;
  std::int64_t cost_per_second_micros = 0;
  std::string cost_currency = "usd";
};

// A header of a call: its name in lower case, and its value.
struct HeaderOption {
  std::string name;
  std::string value;
};

// The words of the kind `http` (generator/http_generator.hpp): addresses below the generator's
// `url`, where the members of an answer are (JSON pointers), and what its words and statuses mean.
// docs/generators/http.md explains each; check_http_options() names what is wrong. A word is
// compared whole with the state, the error code and the error text; a `*` at its beginning or end
// stands for any text.
struct HttpGeneratorOptions {
  std::string submit_path;   // "/jobs"; placeholders of input_template.hpp, percent-encoded
  std::string poll_path;     // "/jobs/{job}"
  std::string look_up_path;  // "/jobs?key={key}"; empty = a job cannot be asked for by its key
  std::string cancel_path;   // "/jobs/{job}"; empty = nothing can be cancelled
  std::string cancel_method = "DELETE";
  bool repeat_is_safe = false;  // a repeated submit with the same {key} is the same job
  Duration key_kept = std::chrono::hours(24);  // how long it knows a {key}; then none is repeated
  std::string key_header = "authorization";
  std::string key_prefix = "Bearer ";
  std::vector<HeaderOption> headers;         // of every call, fixed
  std::vector<HeaderOption> submit_headers;  // of submits, with placeholders
  boost::json::object body;  // with placeholders; `input` of a model is laid over it

  std::string id_pointer = "/id";
  std::string state_pointer = "/status";
  std::string url_pointer = "/url";
  std::string thumbnail_pointer;     // empty = the provider tells none; likewise below
  std::string content_type_pointer;  // of the result
  std::string error_pointer = "/error";
  std::string error_code_pointer;
  std::string look_up_pointer;        // to the list or the object of a look-up; empty = all of it
  std::string look_up_match_pointer;  // in each of its jobs: {key} or {seed} as it was sent
  std::string look_up_id_pointer;     // in each of its jobs; empty = as id_pointer
  std::string callback_id_pointer;    // empty = as id_pointer

  std::vector<std::string> running = {"pending", "queued", "in_progress", "processing", "running"};
  std::vector<std::string> done = {"completed", "succeeded"};
  std::vector<std::string> failed = {"failed", "error", "canceled"};
  std::vector<std::string> refused_content;
  std::vector<std::string> bad_input;
  std::vector<std::string> out_of_balance;
  std::vector<std::string> throttled;

  std::vector<int> failed_status = {400, 422};  // of a submit: these inputs are wrong
  std::vector<int> throttled_status = {429};
  std::vector<int> balance_status = {402};
  std::vector<int> configuration_status = {401, 403, 404};
  std::vector<int> missing_status = {404, 410};  // of a poll: it has no such job
  std::vector<int> look_up_none_status;          // of a look-up: it has no job of this key

  bool result_needs_key = false;                 // results on its own host open with our key only
  std::optional<Duration> result_expires_after;  // after a poll has named the result
};

struct GeneratorOptions {
  std::string name;  // as tools name it
  GeneratorKind kind = GeneratorKind::superduperai;
  std::string url;
  Secret key;
  Secret callback_secret;         // verifies callbacks, where the provider has one for the account
  std::string callback_keys_url;  // its public keys, where it signs by them; empty = its own
  std::string callback_url;       // where it may call us; set by the composition root
  Duration submit_timeout = std::chrono::seconds(15);
  Duration read_timeout = std::chrono::seconds(15);
  std::optional<Duration> poll_min;  // instead of the provider's
  GeneratorCapacity capacity;
  std::vector<ModelOptions> models;
  HttpGeneratorOptions http;

  // Null = it is not described: nothing is known of its limits.
  const ModelOptions* model(std::string_view name) const;
};

}  // namespace claimcheck
