// What the fuzzers begin with, replayed without them: every promise that test/fuzz checks holds
// for every input that was ever worth keeping.
#include "fuzz/targets.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace claimcheck::fuzz {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Input {
  std::string name;
  std::filesystem::path path;
  void (*target)(std::string_view);
};

std::vector<Input> inputs() {
  struct Source {
    const char* target;
    const char* folder;  // below test/
    void (*run)(std::string_view);
  };
  const Source sources[] = {{"answers", "fuzz/corpus/answers", fuzz_answers},
                            {"answers", "data/stripe", fuzz_answers},
                            {"checkout", "fuzz/corpus/checkout", fuzz_checkout},
                            {"claim", "fuzz/corpus/claim", fuzz_claim},
                            {"event", "fuzz/corpus/event", fuzz_event},
                            {"event", "data/stripe", fuzz_event},
                            {"http_request", "fuzz/corpus/http_request", fuzz_http_request},
                            {"session", "fuzz/corpus/session", fuzz_session},
                            {"signature", "fuzz/corpus/signature", fuzz_signature},
                            {"storage", "fuzz/corpus/storage", fuzz_storage},
                            {"swapped", "fuzz/corpus/swapped", fuzz_swapped}};
  std::vector<Input> all;
  for (const auto& [target, folder, run] : sources) {
    const std::filesystem::path test(CLAIMCHECK_TEST_DATA "/..");
    for (const auto& file : std::filesystem::directory_iterator(test / folder)) {
      const std::string name = std::string(target) + ": " + file.path().filename().string();
      all.push_back({name, file.path(), run});
    }
  }
  return all;
}

TEST_CASE("fuzz targets: what is in the corpus breaks no promise") {
  for (const Input& input : inputs()) {
    // A broken promise aborts, and what is printed then is the subcase.
    SUBCASE(input.name.c_str()) { input.target(bytes_of(input.path)); }
  }
}

TEST_CASE("fuzz targets: nothing at all breaks no promise") {
  for (const Input& input : inputs()) input.target("");
}

}  // namespace
}  // namespace claimcheck::fuzz
