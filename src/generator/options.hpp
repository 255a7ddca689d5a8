// GeneratorOptions: one generator as the configuration describes it: which kind of provider, where,
// with which key, and the models that the shop uses there. Plain values; generators.hpp makes the
// generator from them.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"

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

// The words of the kind `http` (generator/http_generator.hpp): addresses below the generator's
// `url`, where the members of an answer are (JSON pointers), and what its states are called.
struct HttpGeneratorOptions {
  std::string submit_path;      // "/jobs"
  std::string poll_path;        // "/jobs/{job}"
  std::string look_up_path;     // "/jobs?key={key}"; empty = a job cannot be found again
  std::string cancel_path;      // "/jobs/{job}"; empty = nothing can be cancelled
  bool repeat_is_safe = false;  // a repeated submit with the same {key} is the same job
  std::string key_header = "authorization";
  std::string key_prefix = "Bearer ";
  boost::json::object body;  // with placeholders (input_template.hpp)
  std::string id_pointer = "/id";
  std::string state_pointer = "/status";
  std::string url_pointer = "/url";
  std::string thumbnail_pointer;
  std::string error_pointer = "/error";
  std::vector<std::string> done = {"completed", "succeeded"};
  std::vector<std::string> failed = {"failed", "error", "canceled"};
  std::vector<std::string> refused_content;  // states or error texts that mean refused content
};

struct GeneratorOptions {
  std::string name;  // as tools name it
  GeneratorKind kind = GeneratorKind::superduperai;
  std::string url;
  Secret key;
  Secret callback_secret;  // verifies callbacks, where the provider has one for the account
  Duration submit_timeout = std::chrono::seconds(15);
  Duration read_timeout = std::chrono::seconds(15);
  std::optional<Duration> poll_min;  // instead of the provider's
  std::vector<ModelOptions> models;
  HttpGeneratorOptions http;

  // Null = it is not described: nothing is known of its limits.
  const ModelOptions* model(std::string_view name) const;
};

}  // namespace claimcheck
