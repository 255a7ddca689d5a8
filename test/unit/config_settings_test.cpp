// Three sources, one order of weakness, one clear line for everything that is wrong.
#include "config/config.hpp"
#include "config/nearest.hpp"
#include "config/settings.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

namespace claimcheck {
namespace {

const std::vector<std::string> complete = {
    "STRIPE_SECRET_KEY=sk_test_secret", "STRIPE_WEBHOOK_SECRET=whsec_1,whsec_2",
    "STRIPE_PRICE_IDS=price_a", "SUPERDUPERAI_TOKEN=tokentokentoken"};

// A configuration file that is there as long as the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) { std::ofstream(path) << text; }
  ~TemporaryFile() { std::remove(path.c_str()); }
  const std::string path = std::tmpnam(nullptr);
};

std::vector<std::string> errors_of(const ConfigSources& sources) {
  const auto config = load_config(sources, true);
  return config ? std::vector<std::string>() : config.error().lines;
}

TEST_CASE("what serving needs is demanded, each with its name") {
  const auto errors = errors_of({});
  REQUIRE(errors.size() == 4);
  CHECK(errors[0] == "STRIPE_SECRET_KEY: not set");
  CHECK(errors[2] == "STRIPE_PRICE_IDS: nothing is for sale");
  CHECK(load_config({}, false));
  CHECK(load_config({.arguments = {}, .environment = complete}, true));
}

TEST_CASE("a file is weaker than the environment, and that than a flag") {
  const TemporaryFile file("listen = \"127.0.0.1:1\"\n");
  ConfigSources sources{.arguments = {"--config", file.path}, .environment = complete};
  CHECK(load_config(sources, true)->listen == "127.0.0.1:1");
  sources.environment.emplace_back("CLAIMCHECK_LISTEN=127.0.0.1:2");
  CHECK(load_config(sources, true)->listen == "127.0.0.1:2");
  sources.arguments.emplace_back("--listen=127.0.0.1:3");
  CHECK(load_config(sources, true)->listen == "127.0.0.1:3");
}

TEST_CASE("addresses are read with all other settings, and a wrong one says what to write") {
  const auto wrong = [](const std::string& flag) {
    const auto errors = errors_of({.arguments = {flag}, .environment = complete});
    return errors.empty() ? std::string() : errors[0];
  };
  for (const char* good : {"--listen=0.0.0.0:80", "--listen=[::1]:0", "--listen=localhost:1",
                           "--redis-url=redis://:a@h:1/2", "--redis-url="}) {
    CHECK_MESSAGE(wrong(good).empty(), good);
  }
  CHECK(wrong("--listen=:99").contains("127.0.0.1:99, or 0.0.0.0:99 for every address"));
  for (const char* bad : {"99", "h:99", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"}) {
    CHECK_MESSAGE(wrong(std::string("--listen=") + bad).starts_with("--listen: must be"), bad);
  }
  CHECK(wrong("--redis-url=hunter2@h") ==
        "--redis-url: must start with redis:// or rediss:// (TLS), unix://, redis-sentinel:// or "
        "rediss-sentinel://, as in redis://127.0.0.1:6379");
}

TEST_CASE("the nearest name is a typing error away, in any case and spelling, or has that part") {
  const std::vector<std::string> known = {"serve", "session", "CLAIMCHECK_PUBLIC_URL", "GB",
                                          "allow_promotion_codes"};
  CHECK(did_you_mean("serv", known) == "; did you mean serve?");
  CHECK(did_you_mean("sevre", known) == "; did you mean serve?");
  CHECK(did_you_mean("SESSON", known) == "; did you mean session?");
  CHECK(did_you_mean("claimcheck-public-uri", known) == "; did you mean CLAIMCHECK_PUBLIC_URL?");
  CHECK(did_you_mean("promotion_codes", known) == "; did you mean allow_promotion_codes?");
  for (const char* far : {"", "x", "ab", "UK", "mode", "status", "deliver"}) {
    CHECK_MESSAGE(did_you_mean(far, known).empty(), far);
  }
  CHECK(did_you_mean(std::string(10'000, 's'), known).empty());
}

TEST_CASE("several secrets and prices with tool and units") {
  ConfigSources sources{.arguments = {}, .environment = complete};
  sources.environment.emplace_back("STRIPE_PRICE_IDS=price_a, price_b:veo3-prompt-generator:3");
  const auto config = load_config(sources, true);
  REQUIRE(config);
  CHECK(config->webhook_secrets.size() == 2);
  REQUIRE(config->catalog.prices.size() == 2);
  CHECK(config->catalog.prices[1].units == 3);
}

TEST_CASE("a price of several tools, and of any") {
  const TemporaryFile file("[tool.cats]\n[tool.dogs]\n");
  const auto load = [&file](const std::string& prices) {
    ConfigSources sources{.arguments = {"--config", file.path}, .environment = complete};
    sources.environment.emplace_back("STRIPE_PRICE_IDS=" + prices);
    return load_config(sources, true);
  };
  const auto config = load("price_a:cats:3,price_b,price_a:dogs:3,price_b:*");
  REQUIRE(config);
  REQUIRE(config->catalog.prices.size() == 2);
  const auto& [a, b] = std::pair(config->catalog.prices[0], config->catalog.prices[1]);
  CHECK((a.tool == "cats" && a.also == std::vector<std::string>{"dogs"} && !a.any_tool));
  CHECK((b.tool == Tool{}.slug && b.also.empty() && b.any_tool));
  const auto refused = [&load](const std::string& prices) {
    const auto wrong = load(prices);
    REQUIRE_FALSE(wrong);
    return wrong.error().lines.at(0);
  };
  CHECK(refused("price_a:cats,price_a:cats").contains("price_a is listed twice"));
  CHECK(refused("price_a:cats,price_a:dogs,price_a:dogs").contains("price_a is listed twice"));
  CHECK(refused("price_a:*,price_a:*").contains("price_a is listed twice"));
  CHECK(refused("price_a:cats:3,price_a:dogs").contains("with 3 and with 1 videos"));
  CHECK(refused("price_a:cats,price_a:birds").contains("birds, which is not configured"));
}

TEST_CASE("possible doubles and the time of the fallback have bounds") {
  const auto given = [](const char* flag) {
    return load_config({.arguments = {flag}, .environment = complete}, true);
  };
  CHECK(given("--possible-doubles=0")->policy.doubles_max == 0);
  CHECK(given("--possible-doubles=9")->policy.doubles_max == 9);
  CHECK_FALSE(given("--possible-doubles=10"));
  CHECK(given("--fallback-after=90s")->policy.fallback_after == std::chrono::seconds(90));
  CHECK_FALSE(given("--fallback-after=soon"));
}

TEST_CASE("patience and further generations: for all tools, and for one") {
  const TemporaryFile file(
      "generator_patience = \"6h\"\nfurther_generations = \"2\"\n"
      "[tool.cats]\ngenerator_patience = \"30m\"\nfurther_generations = 0\n");
  const ConfigSources sources{.arguments = {"--config", file.path}, .environment = complete};
  const auto config = load_config(sources, true);
  REQUIRE(config);
  CHECK(config->policy.generator_patience == std::chrono::hours(6));
  CHECK(config->policy.generations_max == 3);
  const Tool* cats = config->catalog.tool("cats");
  REQUIRE(cats != nullptr);
  CHECK(*cats->generator_patience == std::chrono::minutes(30));
  CHECK(*cats->further_generations == 0);

  ConfigSources wrong{.arguments = {"--generator-patience=30s", "--further-generations=10",
                                    "--further-generations-per-day=many"},
                      .environment = complete};
  const auto errors = errors_of(wrong);
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].contains("must be from 1m to 20d"));
  CHECK(errors[1].contains("must be a number from 0 to 9"));
  CHECK(errors[2].contains("must be a number from 0 to 1000000"));
  const TemporaryFile bad("[tool.x]\ngenerator_patience = 5\nfurther_generations = \"1\"\n");
  CHECK(errors_of({.arguments = {"--config", bad.path}, .environment = complete}).size() == 2);
}

TEST_CASE("notifications: an address and its secrets, or neither") {
  const auto with = [](const std::vector<std::string>& more) {
    ConfigSources sources{.arguments = {}, .environment = complete};
    sources.environment.insert(sources.environment.end(), more.begin(), more.end());
    return sources;
  };
  const std::string key = "whsec_" + std::string(32, 'A');
  const std::string url = "CLAIMCHECK_NOTIFY_URL=";
  const std::string secret = "CLAIMCHECK_NOTIFY_SECRET=";
  const auto config = load_config(with({url + "https://shop/x", secret + key + "," + key}), true);
  REQUIRE(config);
  CHECK(config->shop_webhook.url == "https://shop/x");
  REQUIRE(config->shop_webhook.keys.size() == 2);
  CHECK(config->shop_webhook.keys[0].reveal() == std::string(24, '\0'));
  CHECK(errors_of(with({url + "https://shop/x"})) ==
        std::vector<std::string>{"CLAIMCHECK_NOTIFY_SECRET: not set"});
  CHECK(errors_of(with({secret + key})) ==
        std::vector<std::string>{"CLAIMCHECK_NOTIFY_URL: not set"});
  for (const char* good : {"http://127.0.0.1:9/x", "http://localhost", "http://[::1]:9/x"}) {
    CHECK_MESSAGE(errors_of(with({url + good, secret + key})).empty(), good);
  }
  for (const char* bad : {"http://shop/x", "ftp://shop", "shop", "https://", "https://a:b@shop/",
                          "http://127.0.0.1@shop/", "https://shop/a b", "http://localhost.shop/"}) {
    CHECK_MESSAGE(errors_of(with({url + bad, secret + key})).size() == 1, bad);
  }
  for (const std::string& bad :
       {std::string("secret"), "whsec_" + std::string(28, 'A'), "whsec_" + std::string(32, '-'),
        "whsec_" + std::string(92, 'A'), key + "," + key + "," + key}) {
    const auto errors = errors_of(with({url + "https://shop/x", secret + bad}));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("AAAA") == std::string::npos);
  }
}

TEST_CASE("mails: a server, a sender and an address for links, or none of them") {
  const auto with = [](const std::vector<std::string>& more) {
    ConfigSources sources{.arguments = {}, .environment = complete};
    sources.environment.emplace_back("CLAIMCHECK_PUBLIC_URL=https://video.example.com");
    sources.environment.insert(sources.environment.end(), more.begin(), more.end());
    return sources;
  };
  const std::string url = "CLAIMCHECK_SMTP_URL=";
  const std::string from = "CLAIMCHECK_MAIL_FROM=Cats <orders@shop.example>";
  const auto config =
      load_config(with({url + "smtp://us%40er:p%3Aw@mail.example:587", from}), true);
  REQUIRE(config);
  CHECK(config->smtp.url == "smtp://mail.example:587");
  CHECK(config->smtp.user == "us@er");
  CHECK(config->smtp.password.reveal() == "p:w");
  CHECK_FALSE(config->smtp.plain);
  CHECK(config->buyer_mail.from == MailAddress{"Cats", "orders@shop.example"});
  CHECK(load_config(with({url + "smtp://127.0.0.1:25", from}), true)->smtp.plain);
  CHECK_FALSE(load_config(with({url + "smtps://127.0.0.1", from}), true)->smtp.plain);
  CHECK(errors_of(with({url + "smtp://mail.example"})) ==
        std::vector<std::string>{"CLAIMCHECK_MAIL_FROM: not set"});
  CHECK(errors_of(with({from})) == std::vector<std::string>{"CLAIMCHECK_SMTP_URL: not set"});
  for (const char* bad :
       {"http://mail", "mail.example", "smtp://", "smtp://u:topsecret@", "smtp://u@mail",
        "smtp://:topsecret@mail", "smtp://mail/box", "smtp://u:topsecret@mail x"}) {
    const auto errors = errors_of(with({url + bad, from}));
    REQUIRE_MESSAGE(errors.size() == 1, bad);
    CHECK(errors[0].find("topsecret") == std::string::npos);
  }
  CHECK(errors_of(with({url + "smtp://mail", "CLAIMCHECK_MAIL_FROM=nobody"})).size() == 1);
  ConfigSources nowhere{.arguments = {}, .environment = complete};
  nowhere.environment.insert(nowhere.environment.end(), {url + "smtp://mail.example", from});
  CHECK(
      errors_of(nowhere) ==
      std::vector<std::string>{"CLAIMCHECK_PUBLIC_URL: not set; mails to buyers hold links to it"});
}

TEST_CASE("operators are mailed at addresses, through the server of the other mails") {
  const std::string operators = "CLAIMCHECK_OPERATOR_MAIL=";
  const auto with = [](std::vector<std::string> more) {
    ConfigSources sources{.arguments = {}, .environment = complete};
    sources.environment.insert(sources.environment.end(), more.begin(), more.end());
    return sources;
  };
  const auto whole = [&](const std::string& list) {
    return with({operators + list, "CLAIMCHECK_SMTP_URL=smtp://mail.example",
                 "CLAIMCHECK_MAIL_FROM=orders@shop.example",
                 "CLAIMCHECK_PUBLIC_URL=https://shop.example"});
  };
  const auto config = load_config(whole("a@shop.example, b@shop.example"), true);
  REQUIRE(config);
  CHECK(config->operator_mail == std::vector<std::string>{"a@shop.example", "b@shop.example"});
  CHECK(config->alert_times.after == std::chrono::minutes(5));
  CHECK(config->balance_low == 0);
  CHECK(
      errors_of(with({operators + "a@shop.example"})) ==
      std::vector<std::string>{"CLAIMCHECK_SMTP_URL: not set; CLAIMCHECK_OPERATOR_MAIL needs it"});
  for (const char* bad :
       {",", "owner", "a@shop.example; b@shop.example", "Owner <a@shop.example>"}) {
    CHECK_MESSAGE(errors_of(whole(bad)).size() == 1, bad);
  }
  std::string many;
  for (std::size_t i = 0; i <= operator_mails_max; ++i) many += "a@shop.example,";
  CHECK(errors_of(whole(many)).size() == 1);
  CHECK(load_config(with({"CLAIMCHECK_ALERT_AFTER=90s"}), true)->alert_times.after ==
        std::chrono::seconds(90));
  CHECK(load_config(with({"CLAIMCHECK_BALANCE_LOW=500"}), true)->balance_low == 500);
  for (const char* bad : {"CLAIMCHECK_ALERT_AFTER=0s", "CLAIMCHECK_ALERT_AFTER=25h",
                          "CLAIMCHECK_BALANCE_LOW=-1", "CLAIMCHECK_BALANCE_LOW=few"}) {
    CHECK_MESSAGE(errors_of(with({bad})).size() == 1, bad);
  }
}

TEST_CASE("a tool table adds what can be chosen") {
  const TemporaryFile file(
      "[tool.cats]\ntitle = \"Cats\"\ndurations = [5, 8]\nresolutions = [\"720x1280\"]\n"
      "style_template = \"{prompt}, in {style} style\"\n");
  ConfigSources sources{.arguments = {"--config=" + file.path}, .environment = complete};
  sources.environment.emplace_back("STRIPE_PRICE_IDS=price_c:cats");
  const auto config = load_config(sources, true);
  REQUIRE(config);
  const Tool* cats = config->catalog.tool("cats");
  REQUIRE(cats != nullptr);
  CHECK(cats->durations == std::vector<double>{5, 8});
  CHECK(styled_prompt(*cats, "a {style} cat", "noir") == "a {style} cat, in noir style");
}

TEST_CASE("http and https may be spelled in capitals") {
  ConfigSources sources{.arguments = {}, .environment = complete};
  for (const char* line :
       {"STRIPE_API_URL=HTTPS://Stripe.example/", "SUPERDUPERAI_URL=Http://127.0.0.1:9",
        "CLAIMCHECK_PUBLIC_URL=HTTPS://shop.example",
        "CLAIMCHECK_CORS_ORIGINS=HTTPS://Shop.example",
        "CLAIMCHECK_CANCEL_URL=HTTPS://shop.example/Back", "CLAIMCHECK_NOTIFY_URL=HTTPS://shop/X",
        "STRIPE_ACCOUNT=acct_1"}) {
    sources.environment.emplace_back(line);
  }
  sources.environment.emplace_back("CLAIMCHECK_NOTIFY_SECRET=whsec_" + std::string(32, 'A'));
  const auto config = load_config(sources, true);
  REQUIRE(config);
  CHECK(config->stripe.url == "https://Stripe.example");
  CHECK(config->stripe.account == "acct_1");
  CHECK(config->superduperai.url == "http://127.0.0.1:9");
  CHECK(config->public_url == "https://shop.example");
  CHECK(config->cors_origins == std::vector<std::string>{"https://shop.example"});
  CHECK(config->cancel_url == "https://shop.example/Back");
  CHECK(config->shop_webhook.url == "https://shop/X");
}

TEST_CASE("each mistake is one line that names it and holds no secret") {
  const TemporaryFile file("listne = \"x\"\n[tool.cats]\nresolutions = [\"big\"]\ncolour = 1\n");
  ConfigSources sources{.arguments = {"--config", file.path, "--nonsense", "--admin-token=short",
                                      "--stripe-api-url=ftp://x"},
                        .environment = complete};
  sources.environment.emplace_back("CLAIMCHECK_SESSION_TTL=soon");
  sources.environment.emplace_back("STRIPE_PRICE_IDS=price_a:veo3-prompt-generator:0");
  const auto errors = errors_of(sources);
  const auto has = [&](const std::string& part) {
    for (const std::string& line : errors) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  };
  CHECK(has(file.path + ":1: listne: unknown key"));
  CHECK(has("resolutions: must look like 1280x720"));
  CHECK(has("colour: unknown key of a tool"));
  CHECK(has("--nonsense: unknown flag"));
  CHECK(has("--admin-token: must be at least 16"));
  CHECK(has("--stripe-api-url: must begin with http"));
  CHECK(has("CLAIMCHECK_SESSION_TTL: must be a number"));
  CHECK(has("units must be a number from 1 to 40"));
  CHECK(errors.size() == 8);
  for (const std::string& line : errors) CHECK(line.find("short") == std::string::npos);
}

TEST_CASE("a price of a tool that is not configured, and a file that is not TOML") {
  ConfigSources sources{.arguments = {}, .environment = complete};
  sources.environment.emplace_back("STRIPE_PRICE_IDS=price_a:dogs");
  REQUIRE(errors_of(sources).size() == 1);
  CHECK(errors_of(sources)[0].find("dogs") != std::string::npos);
  const TemporaryFile file("listen = \n");
  CHECK(errors_of({.arguments = {"--config", file.path}, .environment = complete}).size() == 1);
}

TEST_CASE("a misspelled table of the file names the nearest, also one of a tool") {
  const TemporaryFile file("[chekout]\n[tool.x]\ndurations = [5]\n[tool.x.chekout]\n");
  const auto errors = errors_of({.arguments = {"--config", file.path}, .environment = complete});
  REQUIRE(errors.size() == 2);
  for (const std::string& error : errors) CHECK(error.ends_with("did you mean checkout?"));
}

TEST_CASE("values that cannot work stop the start, and secrets are not repeated") {
  for (const char* line :
       {"CLAIMCHECK_TRUSTED_PROXIES=127.0.0.1,foo", "CLAIMCHECK_TRUSTED_PROXIES=0.0.0.0/0",
        "CLAIMCHECK_CORS_ORIGINS=*", "CLAIMCHECK_CORS_ORIGINS=https://shop.example/",
        "STRIPE_WEBHOOK_SECRET=abc", "STRIPE_SECRET_KEY=pk_test_x",
        "STRIPE_PRICE_IDS=price_a,price_a", "STRIPE_ACCOUNT=acct_", "STRIPE_ACCOUNT=ca_1",
        "STRIPE_ACCOUNT=acct_1\r\nx: y", "CLAIMCHECK_FROB=1", "CLAIMCHECK_REFUNDS=yes",
        "CLAIMCHECK_OUTCOME_REGISTER=maybe", "CLAIMCHECK_REFUNDS_PER_HOUR=-1",
        "CLAIMCHECK_REFUND_SHARE=101"}) {
    ConfigSources sources{.arguments = {}, .environment = complete};
    sources.environment.emplace_back(line);
    const auto errors = errors_of(sources);
    CAPTURE(std::string(line));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("pk_test_x") == std::string::npos);
  }
  const TemporaryFile file("[tool.x]\ndurations = [0, 5]\n[tool.\"Bad Slug\"]\n");
  CHECK(errors_of({.arguments = {"--config", file.path}, .environment = complete}).size() == 2);
}

TEST_CASE("the refund settings reach the machine and the breaker") {
  ConfigSources sources{.arguments = {}, .environment = complete};
  for (const char* line : {"CLAIMCHECK_REFUNDS=manual", "CLAIMCHECK_OUTCOME_REGISTER=eager",
                           "CLAIMCHECK_REFUNDS_PER_HOUR=3", "CLAIMCHECK_REFUND_SHARE=7"}) {
    sources.environment.emplace_back(line);
  }
  const auto config = load_config(sources, true);
  REQUIRE(config);
  CHECK_FALSE(config->policy.refunds_automatic);
  CHECK(config->policy.register_mode == RegisterMode::eager);
  CHECK(config->store.refunds.per_hour == 3);
  CHECK(config->store.refunds.share_percent == 7);
}

TEST_CASE("every setting has one name in three spellings") {
  CHECK(file_key("CLAIMCHECK_DATA_DIR") == "data_dir");
  CHECK(flag_name("STRIPE_SECRET_KEY") == "--stripe-secret-key");
  for (const Setting& setting : settings()) CHECK_FALSE(setting.meaning.empty());
}

}  // namespace
}  // namespace claimcheck
