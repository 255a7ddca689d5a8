// Operators by name: from the environment and from the file, and that a mistake names the entry and
// never its token.
#include "config/config.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

namespace claimcheck {
namespace {

const std::string anna = "anna-0123456789abcdef";
const std::string watch = "watch:0123456789abcdef";  // a token may hold colons

std::expected<Config, ConfigErrors> by_list(const std::string& list,
                                            const std::string& admin_token = "") {
  return load_config(
      {.arguments = {},
       .environment = {"CLAIMCHECK_OPERATORS=" + list, "CLAIMCHECK_ADMIN_TOKEN=" + admin_token}},
      false);
}

std::string error_of(const std::expected<Config, ConfigErrors>& config) {
  return config ? "" : config.error().lines.at(0);
}

// Without the path, which is another one each time.
std::string file_error(const std::string& text) {
  const std::string path = std::tmpnam(nullptr);
  std::ofstream(path) << text;
  std::string error =
      error_of(load_config({.arguments = {"--config", path}, .environment = {}}, false));
  std::remove(path.c_str());
  return error.substr(std::min(error.size(), path.size()));
}

TEST_CASE("operators: each has a name, a role and a token, beside the one without a name") {
  const auto config =
      by_list("anna:act:" + anna + ", watch:read:" + watch, "0123456789abcdef-operator");
  REQUIRE(config);
  const std::vector<Operator> all = all_operators(*config);
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "operator");
  CHECK(all[0].role == Role::act);
  CHECK(all[1].name == "anna");
  CHECK(all[1].role == Role::act);
  CHECK(all[1].token.reveal() == anna);
  CHECK(all[2].role == Role::read);
  CHECK(all[2].token.reveal() == watch);
  CHECK(all_operators(*load_config({}, false)).empty());
}

TEST_CASE("operators: a wrong entry is named, and its token is not") {
  const struct {
    const char* list;
    const char* why;
  } rows[] = {
      {"anna", "entry 1 must be name:role:token"},
      {"anna:act:", "entry 1 must be name:role:token"},
      {"Anna:act:0123456789abcdef", "entry 1: a name has 1 to 40 small letters"},
      {"anna:act:0123456789abcdef,:read:abc", "entry 2: a name has 1 to 40 small letters"},
      {"anna:owner:0123456789abcdef", "anna: the role must be read or act"},
      {"anna:act:0123456789abcde", "anna: the token must be at least 16 characters long"},
      {"anna:act:0123456789abcdef,anna:read:0123456789abcdeg", "anna occurs twice"},
      {"anna:act:0123456789abcdef,bob:read:0123456789abcdef", "anna and bob have the same token"},
      {"operator:act:0123456789abcdef", "operator is the name of CLAIMCHECK_ADMIN_TOKEN"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.list);
    const std::string error = error_of(by_list(row.list));
    CHECK(error.starts_with("CLAIMCHECK_OPERATORS: "));
    CHECK(error.contains(row.why));
    CHECK_FALSE(error.contains("0123456789"));
  }
  const std::string shared = error_of(by_list("anna:act:0123456789abcdef", "0123456789abcdef"));
  CHECK(shared == "CLAIMCHECK_OPERATORS: operator and anna have the same token");
}

TEST_CASE(
    "operators: the file has a table for each, and the list of the environment replaces them") {
  const std::string path = std::tmpnam(nullptr);
  std::ofstream(path) << "[operator.anna]\nrole = \"act\"\ntoken = \"" << anna
                      << "\"\n[operator.watch]\nrole = \"read\"\ntoken = \"" << watch << "\"\n";
  ConfigSources sources{.arguments = {"--config", path}, .environment = {}};
  const auto config = load_config(sources, false);
  REQUIRE(config);
  REQUIRE(config->operators.size() == 2);
  CHECK(config->operators[1].name == "watch");
  CHECK(config->operators[1].role == Role::read);
  sources.environment = {"CLAIMCHECK_OPERATORS=bob:read:0123456789abcdef"};
  const auto replaced = load_config(sources, false);
  std::remove(path.c_str());
  REQUIRE(replaced);
  REQUIRE(replaced->operators.size() == 1);
  CHECK(replaced->operators[0].name == "bob");
}

TEST_CASE("operators: a wrong table says where it is and what to write") {
  const std::string token = "token = \"0123456789abcdef\"\n";
  CHECK(file_error("[operator.anna]\n" + token)
            .ends_with(":1: operator.anna: needs a role, read or act"));
  CHECK(file_error("[operator.anna]\nrole = \"read\"\n")
            .ends_with("the token must be at least 16 characters long"));
  CHECK(file_error("[operator.anna]\nrole = \"owner\"\n" + token)
            .ends_with(":2: operator.anna.role: must be read or act"));
  CHECK(file_error("[operator.anna]\nrole = \"act\"\ntokn = \"x\"\n" + token)
            .ends_with(":3: operator.anna.tokn: unknown key; did you mean token?"));
  CHECK(file_error("[operator.Anna]\nrole = \"act\"\n" + token)
            .contains("operator.Anna: a name has"));
  CHECK(file_error("operators = \"bob:read:0123456789abcdef\"\n[operator.anna]\nrole = \"act\"\n" +
                   token)
            .contains("either these tables or the list operators, not both"));
}

}  // namespace
}  // namespace claimcheck
