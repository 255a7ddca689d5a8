// The stored form of a claim, without any store.
#include "store/codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace claimcheck {

TEST_CASE("codec: a claim's fields have the members' names, but for `told`") {
  Claim claim;
  claim.notified = "delivered.1";
  claim.version = 7;
  claim.state = OrderState::paid;
  claim.livemode = true;
  claim.duration_s = 8.5;
  claim.units.resize(2);
  claim.units[1].state = UnitState::running;
  const HashFields fields = encode_claim(claim);
  const auto has = [&](const char* name, const char* value) {
    return std::ranges::find(fields, std::pair<std::string, std::string>(name, value)) !=
           fields.end();
  };
  CHECK(has("schema", "1"));
  CHECK(has("version", "7"));
  CHECK(has("state", "paid"));
  CHECK(has("livemode", "1"));
  CHECK(has("view_dirty", "0"));
  CHECK(has("told", "delivered.1"));
  CHECK(has("duration_s", "8.5"));
  CHECK(has("units", "2"));
  CHECK(has("u0.state", "waiting"));
  CHECK(has("u1.state", "running"));
  const Result<Claim> back = decode_claim(fields);
  REQUIRE(back.has_value());
  CHECK(*back == claim);
}

TEST_CASE("codec: what is at its default is not stored") {
  Claim claim;
  claim.units.resize(2);
  const HashFields least = {{"units", "2"}, {"schema", "1"}, {"version", "0"}, {"state", "open"}};
  CHECK(encode_stored_claim(claim) == least);
  CHECK(decode_claim(least) == claim);

  claim.notified = "delivered.1";
  claim.subtotal_minor = 0;
  claim.units[1].state = UnitState::running;
  const HashFields more = {{"subtotal_minor", "0"}, {"told", "delivered.1"}, {"units", "2"},
                           {"u1.state", "running"}, {"schema", "1"},         {"version", "0"},
                           {"state", "open"}};
  CHECK(encode_stored_claim(claim) == more);
  CHECK(decode_claim(more) == claim);
}

TEST_CASE("codec: a long link of a unit is stored in parts, and read as one") {
  const std::string part(64, 'a');
  for (const std::size_t length : {0U, 1U, 63U, 64U, 65U, 128U, 129U, 1024U}) {
    CAPTURE(length);
    Claim claim;
    claim.units.resize(2);
    claim.units[1].url = std::string(length, 'a');
    claim.units[1].thumbnail_url = part;
    const HashFields fields = encode_stored_claim(claim);
    for (const auto& [name, value] : fields) CHECK(value.size() <= 64);
    CHECK(decode_claim(fields) == claim);
    CHECK(decode_claim({fields.rbegin(), fields.rend()}) == claim);  // a hash has no order
    CHECK(decode_claim(encode_claim(claim)) == claim);               // in one piece
  }
  Claim claim;
  claim.units.resize(1);
  claim.units[0].url = part + "bc";
  const HashFields fields = encode_stored_claim(claim);
  const auto has = [&](const std::string& name, const std::string& value) {
    return std::ranges::find(fields, std::pair(name, value)) != fields.end();
  };
  CHECK(has("u0.url", part));
  CHECK(has("u0.url~1", "bc"));
}

TEST_CASE("codec: a very long link, and a long text that is no link, stay whole") {
  Claim claim;
  claim.units.resize(1);
  claim.units[0].url = std::string(1025, 'a');
  claim.units[0].upload_parts = std::string(300, 'b');
  const HashFields fields = encode_stored_claim(claim);
  CHECK(std::ranges::none_of(fields, [](const auto& one) { return one.first.contains('~'); }));
  CHECK(decode_claim(fields) == claim);
}

TEST_CASE("codec: the defaults of a claim are those of every release") {
  // Claims in Redis do not have them, so a change here would change orders that are stored.
  const std::map<std::string, std::string> others = {
      {"schema", "1"},        {"state", "open"},         {"media", "video"},
      {"quantity", "1"},      {"subtotal_minor", "-1"},  {"u0.state", "waiting"},
      {"u0.failure", "none"}, {"u0.registered", "none"}, {"units", "1"}};
  Claim claim;
  claim.units.resize(1);
  for (const auto& [name, value] : encode_claim(claim)) {
    CAPTURE(name);
    const auto other = others.find(name);
    if (other != others.end()) CHECK(value == other->second);
    if (other == others.end()) CHECK((value.empty() || value == "0"));
  }
}

TEST_CASE("codec: a claim is read exactly or not at all") {
  const auto with = [](const std::string& name, const std::string& value) {
    Claim claim;
    claim.units.resize(1);
    HashFields fields = encode_claim(claim);
    for (auto& field : fields) {
      if (field.first == name) field.second = value;
    }
    return decode_claim(fields);
  };
  REQUIRE(with("none", "").has_value());
  for (const auto& [name, value] : HashFields{{"state", std::string("paid\0", 5)},
                                              {"duration_s", "nan"},
                                              {"duration_s", "-inf"},
                                              {"schema", "2"},
                                              {"schema", ""},
                                              {"version", "1x"},
                                              {"version", ""},
                                              {"state", "bought"},
                                              {"amount_minor", "1.5"},
                                              {"livemode", "true"},
                                              {"units", "101"},
                                              {"units", "-1"},
                                              {"u0.state", ""},
                                              {"u0.seed", "99999999999999999999"}}) {
    CAPTURE(name);
    const Result<Claim> read = with(name, value);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::unreadable);
  }
}

TEST_CASE("codec: a claim of an older release lacks fields, one of a newer has more") {
  const HashFields fields = {
      {"schema", "1"}, {"version", "3"}, {"state", "open"}, {"units", "1"}, {"later", "x"}};
  const Result<Claim> read = decode_claim(fields);
  REQUIRE(read.has_value());
  CHECK(read->version == 3);
  CHECK(read->quantity == 1);
  CHECK(read->units.size() == 1);
  for (const char* required : {"schema", "version", "state", "units"}) {
    HashFields fewer = fields;
    std::erase_if(fewer, [&](const auto& field) { return field.first == required; });
    CHECK_FALSE(decode_claim(fewer).has_value());
  }
}

TEST_CASE("codec: a job of an older release is found again by the order's one model") {
  const HashFields fields = {
      {"schema", "1"},        {"version", "3"},      {"state", "paid"},         {"units", "2"},
      {"model", "old-model"}, {"u0.intent_us", "5"}, {"u0.state", "submitting"}};
  const Result<Claim> read = decode_claim(fields);
  REQUIRE(read.has_value());
  CHECK(read->units[0].model == "old-model");
  CHECK(read->units[1].model == "");  // never submitted: it gets the model of today
}

}  // namespace claimcheck
