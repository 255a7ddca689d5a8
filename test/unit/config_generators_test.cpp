// Generators from the file: keys from the file or the environment, models with their limits, the
// generators of a tool, and that a mistake names its place and never a key.
#include "base/json.hpp"
#include "config/config.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <fstream>

namespace claimcheck {
namespace {

std::expected<Config, ConfigErrors> from_file(const std::string& text, bool for_serving = false) {
  const std::string path = std::tmpnam(nullptr);
  std::ofstream(path) << text;
  auto config = load_config(
      {.arguments = {"--config", path},
       .environment = {"FAL_KEY=fal-secret", "STRIPE_SECRET_KEY=sk_test_1",
                       "STRIPE_WEBHOOK_SECRET=whsec_1", "STRIPE_PRICE_IDS=price_1:clip"}},
      for_serving);
  std::remove(path.c_str());
  if (!config) {
    for (std::string& line : config.error().lines) {
      if (line.starts_with(path)) line = line.substr(path.size() + 1);
    }
  }
  return config;
}

std::string errors_of(const std::string& text) {
  const auto config = from_file(text);
  return config ? "" : fmt::format("{}", fmt::join(config.error().lines, "\n"));
}

const std::string two = R"(
[generator.fal]
kind = "fal"
key_env = "FAL_KEY"
poll_every = "7s"
concurrency = 4
submits_per_minute = 90
[generator.fal.models."fal-ai/veo3/fast"]
prompt_max = 2000
prompt_unit = "utf16"
durations = [4, 8]
resolutions = ["1280x720"]
input = { prompt = "{prompt}", duration = "{duration}s", loop = true, tags = ["a", 1, 1.5] }
cost_per_second = "0.15 usd"
[generator.other-2]
kind = "replicate"
url = "https://proxy.example/r/"
key = "r8"
callback_secret = "whsec_abc"
[tool.clip]
generators = ["other-2:google/veo-3", "fal:fal-ai/veo3/fast"]
durations = [8]
)";

TEST_CASE("generators: a file describes them, their models and who makes a tool") {
  const auto config = from_file(two, true);
  REQUIRE(config);
  const std::vector<GeneratorOptions> all = all_generators(*config);
  REQUIRE(all.size() == 2);  // no token of the built-in one, and no tool for sale needs it
  const GeneratorOptions& fal = all[0];
  CHECK(fal.name == "fal");
  CHECK(fal.kind == GeneratorKind::fal);
  CHECK(fal.url == "https://queue.fal.run");
  CHECK(fal.key.reveal() == "fal-secret");
  CHECK(fal.poll_min == std::chrono::seconds(7));
  CHECK(fal.capacity == GeneratorCapacity{.concurrency = 4, .submits_per_minute = 90});
  CHECK_FALSE(all[1].capacity.is_limited());
  const ModelOptions* model = fal.model("fal-ai/veo3/fast");
  REQUIRE(model != nullptr);
  CHECK(model->prompt_max == 2000);
  CHECK(model->prompt_unit == PromptUnit::utf16);
  CHECK(model->durations == std::vector<double>{4, 8});
  CHECK(model->cost_per_second_micros == 150'000);
  CHECK(model->cost_currency == "usd");
  CHECK(json::print(model->input) ==
        R"({"duration":"{duration}s","loop":true,"prompt":"{prompt}","tags":["a",1,1.5]})");
  CHECK(all[1].url == "https://proxy.example/r");
  CHECK(all[1].callback_secret.reveal() == "whsec_abc");
  const Tool* tool = config->catalog.tool("clip");
  REQUIRE(tool != nullptr);
  CHECK(config->catalog.generators_of(*tool) ==
        std::vector<GeneratorChoice>{{"other-2", "google/veo-3"}, {"fal", "fal-ai/veo3/fast"}});
}

TEST_CASE("generators: a tool that names none is made by the built-in one, whose token is needed") {
  const auto config = from_file("[tool.clip]\nmodel = \"m\"\n", true);
  REQUIRE_FALSE(config);
  CHECK(config.error().lines == std::vector<std::string>{"SUPERDUPERAI_TOKEN: not set"});
}

TEST_CASE("generators: a mistake names its place, and never a key") {
  const struct {
    const char* text;
    const char* error;
  } rows[] = {
      {"generator = 1", "1: generator: must be tables like [generator.fal]"},
      {"[generator.Fal]\nkind = \"fal\"",
       "1: generator.Fal: a name has 1 to 40 small letters, digits and dashes"},
      {"[generator.a]\nkey = \"secret\"",
       "1: generator.a: needs a kind: superduperai, fal, "
       "replicate, openrouter or http"},
      {"[generator.a]\nkind = \"fall\"\nkey = \"secret\"",
       "2: generator.a.kind: must be superduperai, fal, replicate, openrouter or http"},
      {"[generator.a]\nkind = \"fal\"", "1: generator.a: needs key, or key_env"},
      {"[generator.a]\nkind = \"fal\"\nkey_env = \"NO_SUCH\"",
       "3: generator.a.key_env: the environment has no NO_SUCH"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"secret\"\nurl = \"queue.fal.run\"",
       "4: generator.a.url: must begin with http:// or https://"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"secret\"\npol_every = \"5s\"",
       "4: generator.a.pol_every: unknown key of a generator; did you mean poll_every?"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"secret\"\npoll_every = \"6m\"",
       "4: generator.a.poll_every: must be a duration like 5s, at most 5m"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\nconcurrency = -1",
       "4: generator.a.concurrency: must be a number from 0 to 10000; 0 = no limit"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\nconcurrency = \"4\"",
       "4: generator.a.concurrency: must be a number from 0 to 10000; 0 = no limit"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\nsubmits_per_minute = 6001",
       "4: generator.a.submits_per_minute: must be a number from 0 to 6000; 0 = no limit"},
      {"[generator.superduperai]\nconcurency = 1",
       "2: generator.superduperai.concurency: unknown key of a generator; did you mean "
       "concurrency?"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.models.m]\nprompt_max = 0",
       "5: generator.a.models.\"m\".prompt_max: must be a number above 0"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.models.m]\ndurations = []",
       "5: generator.a.models.\"m\".durations: must be a list of seconds"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.models.m]\nresolutions = [\"hd\"]",
       "5: generator.a.models.\"m\".resolutions: must look like 1280x720"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.models.m]\ncost_per_run = \"1\"",
       "5: generator.a.models.\"m\".cost_per_run: must be an amount and a currency: \"0.15 usd\""},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a-b]\nkind = \"fal\"\nkey = \"s\"",
       "generator.a-b: a name must not begin with a-, the name of another generator"},
      {"[generator.a]\nkind = \"http\"\nurl = \"http://g\"", "1: generator.a: needs a table http"},
      {"[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.http]\nsubmit_path = \"/j\"\n"
       "poll_path = \"/j/{job}\"",
       "1: generator.a: a table http is for the kind http"},
      {"[generator.a]\nkind = \"http\"\nurl = \"http://g\"\n[generator.a.http]\nsubmit_pth = "
       "\"/j\"",
       "5: generator.a.http.submit_pth: unknown key; did you mean submit_path?"},
      {"[generator.a]\nkind = \"http\"\nurl = \"http://g\"\n[generator.a.http]\ndone = \"yes\"",
       "5: generator.a.http.done: must be a list of words"},
      {"[tool.clip]\ngenerators = [\"fal\"]",
       "2: generators: must be generator:model, like \"fal:fal-ai/veo3/fast\""},
      {"[tool.clip]\ngenerators = [\"fal:m\"]", "tool.clip: there is no [generator.fal]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const std::string errors = errors_of(row.text);
    CHECK(errors.substr(0, errors.find('\n')) == row.error);
    CHECK(errors.find("secret") == std::string::npos);
  }
  const std::string wrong = errors_of(
      "[generator.a]\nkind = \"fal\"\nkey = \"s\"\n[generator.a.models.m]\n"
      "input = { p = \"{promt}\" }");
  CHECK(wrong.find("{promt} is no placeholder") != std::string::npos);
  CHECK(errors_of("[tool.clip]\ngenerators = [\"a:m\", \"a:n\"]").find("names a twice") !=
        std::string::npos);
}

TEST_CASE("generators: a tool sells nothing that one of its models does not make") {
  const std::string table = R"(
[generator.fal]
kind = "fal"
key = "k"
[generator.fal.models.m]
durations = [4]
resolutions = ["1280x720"]
[tool.clip]
generators = ["fal:m"]
durations = [4, 8]
resolutions = ["1280x720", "720x1280"]
)";
  CHECK(errors_of(table) ==
        "tool.clip: fal:m does not make 8 seconds\ntool.clip: fal:m does not make 720x1280");
}

TEST_CASE("generators: a tool has a type, and only generators that make it") {
  const std::string fal = "[generator.fal]\nkind = \"fal\"\nkey = \"k\"\n";
  const auto made = [&](const std::string& type, const std::string& by) {
    const std::string router = "[generator.router]\nkind = \"openrouter\"\nkey = \"k\"\n";
    return fal + router + "[tool.clip]\ntype = " + type + "\n" + by;
  };
  const std::string by_fal = "generators = [\"fal:m\"]\n";
  const struct {
    const char* type;
    MediaKind kind;
  } kinds[] = {{"\"video\"", MediaKind::video},
               {"\"image\"", MediaKind::image},
               {"\"audio\"", MediaKind::audio}};
  for (const auto& row : kinds) {
    const auto config = from_file(made(row.type, by_fal));
    REQUIRE(config);
    CHECK(config->catalog.tool("clip")->media == row.kind);
  }
  CHECK(from_file(fal + "[tool.clip]\n" + by_fal)->catalog.tool("clip")->media == MediaKind::video);
  for (const char* wrong : {"\"film\"", "\"Image\"", "\"\"", "1", "true", "[\"image\"]"}) {
    CAPTURE(wrong);
    CHECK(errors_of(made(wrong, by_fal)) == "8: type: must be video, image or audio");
  }
  CHECK(errors_of(made("\"image\"", "")) ==
        "tool.clip: its type is image, and superduperai makes videos only; name others in "
        "`generators`");
  CHECK(errors_of(made("\"audio\"", "generators = [\"fal:m\", \"router:m\"]\n")) ==
        "tool.clip: its type is audio, and router makes videos only; name others in "
        "`generators`");
  CHECK(errors_of(made("\"video\"", "generators = [\"router:m\"]\n")).empty());
  CHECK(errors_of(made("\"image\"", by_fal + "typ = 1\n")).contains("did you mean type"));
}

}  // namespace
}  // namespace claimcheck
