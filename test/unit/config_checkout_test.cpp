// [checkout] of the configuration file: what goes to Stripe from it, and that each mistake ends the
// start with its line and what was meant.
#include "config/checkout_members.hpp"
#include "config/config.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <set>

namespace claimcheck {
namespace {

struct Loaded {
  std::string path = std::tmpnam(nullptr);
  std::expected<Config, ConfigErrors> config;

  explicit Loaded(const std::string& text) {
    std::ofstream(path) << text;
    config = load_config({.arguments = {"--config", path}, .environment = {}}, false);
    std::remove(path.c_str());
  }
  std::string form(const std::string& slug = "") const {
    REQUIRE_MESSAGE(config, (config ? "" : config.error().lines.at(0)));
    std::string text;
    for (const auto& [name, value] : config->checkout.of(slug).form) {
      text += fmt::format("{}={}\n", name, value);
    }
    return text;
  }
  // The only error, without the path.
  std::string error() const {
    REQUIRE_FALSE(config);
    REQUIRE(config.error().lines.size() == 1);
    return config.error().lines[0].substr(path.size() + 1);
  }
};

TEST_CASE("checkout: members go out under Stripe's names, in a fixed sequence") {
  const Loaded file(R"(
[checkout]
locale = "fi"
allow_promotion_codes = true
expires_after = "2h"
submit_type = "book"
shipping_options = [{ shipping_rate = "shr_a" }, { shipping_rate = "shr_b" }]
automatic_tax.enabled = true
shipping_address_collection.allowed_countries = ["DE", "AT"]
payment_method_options.pix.expires_after_seconds = 3600
payment_intent_data = { statement_descriptor_suffix = "VIDEO 1" }
custom_text.submit.message = "Grüße & more"
after_expiration.recovery = { enabled = true, allow_promotion_codes = false }
[[checkout.custom_fields]]
key = "size"
type = "dropdown"
label = { type = "custom", custom = "Size" }
dropdown.options = [{ label = "Small", value = "s" }]
)");
  CHECK(file.form() ==
        "after_expiration[recovery][allow_promotion_codes]=false\n"
        "after_expiration[recovery][enabled]=true\n"
        "allow_promotion_codes=true\n"
        "automatic_tax[enabled]=true\n"
        "custom_fields[0][dropdown][options][0][label]=Small\n"
        "custom_fields[0][dropdown][options][0][value]=s\n"
        "custom_fields[0][key]=size\n"
        "custom_fields[0][label][custom]=Size\n"
        "custom_fields[0][label][type]=custom\n"
        "custom_fields[0][type]=dropdown\n"
        "custom_text[submit][message]=Grüße & more\n"
        "locale=fi\n"
        "payment_intent_data[statement_descriptor_suffix]=VIDEO 1\n"
        "payment_method_options[pix][expires_after_seconds]=3600\n"
        "shipping_address_collection[allowed_countries][0]=DE\n"
        "shipping_address_collection[allowed_countries][1]=AT\n"
        "shipping_options[0][shipping_rate]=shr_a\n"
        "shipping_options[1][shipping_rate]=shr_b\n"
        "submit_type=book\n");
  CHECK(file.config->checkout.general.expires_after == std::chrono::hours(2));
  CHECK(Loaded("").form().empty());
}

TEST_CASE("checkout: a tool's members replace or follow the general ones, each as a whole") {
  const Loaded file(R"(
[checkout]
discounts = [{ coupon = "SAVE20" }]
submit_type = "book"
expires_after = "1h"
custom_text.submit.message = "general"
[tool.cats.checkout]
discounts = []
allow_promotion_codes = true
custom_text.after_submit.message = "cats"
[tool.dogs]
title = "Dogs"
)");
  CHECK(file.form("cats") ==
        "allow_promotion_codes=true\ncustom_text[after_submit][message]=cats\nsubmit_type=book\n");
  CHECK(file.config->checkout.of("cats").expires_after == std::chrono::hours(1));
  CHECK(file.form("dogs").contains("discounts[0][coupon]=SAVE20"));
  // `false` is Stripe's default, and takes the general codes away.
  const Loaded without(
      "[checkout]\nallow_promotion_codes = true\n[tool.x.checkout]\nallow_promotion_codes = false\n"
      "discounts = [{ promotion_code = \"promo_1\" }]\n");
  CHECK(without.form("x") == "discounts[0][promotion_code]=promo_1\n");
}

TEST_CASE("checkout: a mistake names its line, its key and what was meant") {
  const auto error = [](const std::string& text) { return Loaded(text).error(); };
  CHECK(error("[checkout]\nallow_promotion_code = true\n") ==
        "2: checkout.allow_promotion_code: unknown; did you mean allow_promotion_codes?");
  CHECK(error("[checkout]\npromotion_codes = true\n").contains("mean allow_promotion_codes?"));
  CHECK(error("[checkout]\nzzz = 1\n") ==
        "2: checkout.zzz: unknown; docs/checkout.md lists what can be set");
  CHECK(error("[checkout]\nautomatic_tax.enable = true\nautomatic_tax.enabled = true\n") ==
        "2: checkout.automatic_tax.enable: unknown; did you mean enabled?");
  CHECK(error("[tool.cats.checkout]\nlocale = \"xx\"\n")
            .starts_with("2: tool.cats.checkout.locale: is not"));
  CHECK(error("[checkout]\nlocale = \"en-UK\"\n").ends_with("did you mean en-GB?"));
  CHECK(error("[checkout]\nsubmit_type = \"buy\"\n") ==
        "2: checkout.submit_type: must be one of: auto, book, donate, pay");
  CHECK(error("checkout = 1\n") == "1: checkout: must be a table");
  CHECK(error("[checkout]\nmode = \"payment\"\n") ==
        "2: checkout.mode: can not be set here: claimcheck sells one payment, not a subscription");
  CHECK(error("[checkout]\npayment_intent_data.capture_method = \"manual\"\n")
            .ends_with("videos are made only when the money is there"));
  CHECK(error("[checkout]\npayment_method_types = [\"card\"]\n")
            .contains("write allowed_payment_method_types"));
  CHECK(error("[checkout]\nexpires_at = 1\n").contains("write expires_after, a duration"));
  CHECK(error("[checkout]\nallow_promotion_codes = true\ndiscounts = [{ coupon = \"A\" }]\n")
            .starts_with("1: checkout: allow_promotion_codes and discounts exclude each other"));
  CHECK(error("[checkout]\nallow_promotion_codes = true\n[tool.x.checkout]\ndiscounts = "
              "[{ coupon = \"A\" }]\n")
            .starts_with("3: tool.x.checkout: allow_promotion_codes and discounts exclude"));
}

TEST_CASE("checkout: types, words, lengths, ranges and rules are checked") {
  const std::string field =
      "{ key = \"a\", type = \"text\", label = { type = \"custom\", custom = "
      "\"A\" } }";
  const auto fields = [](const std::string& list) { return "custom_fields = [" + list + "]"; };
  const std::string long_label(101, 'x');
  for (const auto& [line, why] : std::initializer_list<std::pair<std::string, std::string>>{
           {"allow_promotion_codes = 1", "must be true or false"},
           {"allow_promotion_codes = \"true\"", "must be true or false"},
           {"expires_after = \"29m\"", "must be from 30m to 24h"},
           {"expires_after = \"2d\"", "must be from 30m to 24h"},
           {"expires_after = 30", "must be a text"},
           {"expires_after = \"soon\"", "must be a number and s, m, h or d"},
           {"automatic_tax = true", "must be a table"},
           {"automatic_tax = {}", "checkout.automatic_tax: enabled is missing"},
           {"after_expiration = {}", "recovery is missing"},
           {"shipping_address_collection.allowed_countries = [\"UK\"]", "allowed_countries[0]: is"},
           {"shipping_address_collection.allowed_countries = []", "must be a list of 1 to 300"},
           {"shipping_options = [{ shipping_rate = \"standard\" }]", "begins with shr_"},
           {"allowed_payment_method_types = [\"crad\"]", "did you mean card?"},
           {"payment_method_options.oxxo.expires_after_days = 8", "must be a number from 1 to 7"},
           {"payment_method_options.oxxo.expires_after_days = 1.5", "must be a number from 1 to 7"},
           {"payment_method_configuration = \"x\"", "begins with pmc_"},
           {"payment_intent_data.statement_descriptor = \"AB\"", "5 to 22 characters"},
           {"payment_intent_data.statement_descriptor = \"12345\"", "with a letter"},
           {"payment_intent_data.statement_descriptor_suffix = \"a*b\"", "with a letter"},
           {"custom_text.submit.message = \"\"", "1 to 1200 characters"},
           {"discounts = [{}]", "either a coupon or a promotion_code"},
           {"discounts = [{ coupon = \"A\" }, { coupon = \"B\" }]", "a list of 0 to 1 entries"},
           {"discounts = [{ promotion_code = \"SAVE\" }]", "begins with promo_"},
           {fields("{ key = \"a-b\", type = \"text\", label = { type = \"custom\", custom = \"A\" "
                   "} }"),
            "letters and digits only"},
           {fields("{ key = \"a\", type = \"text\", label = { type = \"custom\", custom = \"" +
                   long_label + "\" } }"),
            "1 to 100 characters"},
           {fields(
                "{ key = \"a\", type = \"dropdown\", label = { type = \"custom\", custom = \"A\" } "
                "}"),
            "dropdown is missing"},
           {fields("{ key = \"a\", type = \"text\", numeric = {}, label = { type = \"custom\", "
                   "custom = "
                   "\"A\" } }"),
            "holds numeric, but its type is text"},
           {fields(fmt::format("{0},{0}", field)), "key a comes twice"},
           {fields(fmt::format("{0},{0},{0},{0}", field)), "a list of 1 to 3 entries"}}) {
    CAPTURE(line);
    const std::string error = Loaded("[checkout]\n" + line + "\n").error();
    CAPTURE(error);
    CHECK(error.contains(why));
    CHECK(error.starts_with("2: checkout."));
  }
  CHECK(Loaded("[checkout]\n" + fields(field) + "\n").form().contains("custom_fields[0][key]=a"));
}

TEST_CASE("checkout: every row of the table has what its kind needs, and a table above it") {
  std::set<std::string_view> paths;
  for (const CheckoutMember& member : checkout_members()) {
    CAPTURE(std::string(member.path));
    CHECK(paths.insert(member.path).second);
    using enum MemberKind;
    const bool worded =
        member.kind == word || member.kind == words || member.kind == owned || member.kind == id;
    CHECK(worded != member.words.empty());
    const std::size_t dot = member.path.rfind('.');
    if (dot == std::string_view::npos) continue;
    std::string_view above = member.path.substr(0, dot);
    if (above.ends_with("[]")) above.remove_suffix(2);
    const CheckoutMember* table = checkout_member(above);
    REQUIRE(table != nullptr);
    CHECK((table->kind == section || table->kind == sections));
  }
}

}  // namespace
}  // namespace claimcheck
