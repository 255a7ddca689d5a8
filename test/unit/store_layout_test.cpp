// Keys, and that docs/redis-layout.md says what the code does.
#include "domain/alert.hpp"
#include "domain/claim.hpp"
#include "domain/session.hpp"
#include "store/codec.hpp"
#include "store/keys.hpp"
#include "store/members.hpp"
#include "store/outbox.hpp"
#include "support/data.hpp"

#include <boost/describe/enumerators.hpp>
#include <doctest/doctest.h>

namespace claimcheck::test {

namespace {

template <typename Struct>
std::vector<std::string> member_names(const std::string& prefix = "") {
  std::vector<std::string> names;
  for_each_member<Struct>([&](auto member) { names.push_back(prefix + member.name); });
  return names;
}

// The words in back quotes that open the rows of the table below that heading.
std::vector<std::string> rows_below(const std::string& document, const std::string& heading) {
  std::vector<std::string> rows;
  const std::size_t start = document.find("\n## " + heading + "\n");
  REQUIRE_MESSAGE(start != std::string::npos, "no heading ", heading);
  const std::size_t end = document.find("\n## ", start + 1);
  std::size_t at = start;
  while ((at = document.find("\n| `", at)) < end) {
    at += 4;
    rows.push_back(document.substr(at, document.find('`', at) - at));
  }
  return rows;
}

}  // namespace

TEST_CASE("layout: the document lists every key") {
  const std::vector<std::string> all = {keys::session("<id>"),
                                        keys::claim("<id>"),
                                        keys::history("<id>"),
                                        "claimcheck:{pNN}:due",
                                        "claimcheck:{pNN}:taken",
                                        "claimcheck:woken:{pNN}",
                                        "claimcheck:{pNN}:recent",
                                        "claimcheck:{pNN}:unpaid",
                                        "claimcheck:{pNN}:held",
                                        "claimcheck:{pNN}:disputed",
                                        keys::opened("<id>"),
                                        keys::job("<job>"),
                                        keys::idempotency("<hash>"),
                                        keys::refunds_allowed(),
                                        keys::refunds_breaker(),
                                        keys::refunds_delivered(),
                                        keys::generator_breaker("<name>"),
                                        keys::generator_waiting("<name>"),
                                        keys::generator_places("<name>"),
                                        keys::generator_line("<name>"),
                                        keys::generator_asking("<name>"),
                                        keys::generator_turns("<name>"),
                                        keys::generator_flow("<name>"),
                                        keys::generator_again(),
                                        keys::pace("<limit>"),
                                        keys::alerts(),
                                        keys::balance_turn(),
                                        keys::balance_readings("<generator>"),
                                        keys::checkout_client("<client>"),
                                        keys::checkout_declines(),
                                        keys::checkout_pause(),
                                        keys::found("<hash>"),
                                        keys::stats("<range>", "<start>"),
                                        keys::meta(),
                                        keys::deletion_turn(),
                                        "claimcheck:{pNN}:outbox:<channel>",
                                        "claimcheck:{pNN}:message:<channel>:<id>",
                                        "claimcheck:{pNN}:dead"};
  CHECK(rows_below(data_text("../../docs/redis-layout.md"), "Keys") == all);
}

TEST_CASE("layout: the document lists every member and field, in order") {
  const std::string document = data_text("../../docs/redis-layout.md");
  CHECK(rows_below(document, "The session value") == member_names<SessionData>());
  CHECK(rows_below(document, "Its `files`") == member_names<SessionFile>());
  // As they are written, since one of them has another name than its member.
  std::vector<std::string> fields;
  for (const auto& [name, value] : encode_claim(Claim())) fields.push_back(name);
  CHECK(rows_below(document, "The claim") == fields);
  CHECK(rows_below(document, "A unit of the claim") == member_names<Unit>("u0."));
  CHECK(rows_below(document, "A dispute of the claim") == member_names<Dispute>("dispute."));
  CHECK(rows_below(document, "An outbox message") == member_names<OutboxMessage>());
  CHECK(rows_below(document, "An alert") == member_names<AlertRecord>());
}

TEST_CASE("layout: keys are the ones other programs and older releases use") {
  CHECK(keys::session("cs_test_a") == "session:cs_test_a");
  CHECK(keys::claim("cs_test_a") == "claim:{session:cs_test_a}");
  CHECK(keys::history("cs_test_a") == "history:{session:cs_test_a}");
  CHECK(keys::due(0) == "claimcheck:{p00}:due");
  CHECK(keys::due(15) == "claimcheck:{p15}:due");
  CHECK(keys::taken(15) == "claimcheck:{p15}:taken");
  CHECK(keys::woken(15) == "claimcheck:woken:{p15}");
  CHECK(keys::recent(1) == "claimcheck:{p01}:recent");
  CHECK(keys::unpaid(2) == "claimcheck:{p02}:unpaid");
  CHECK(keys::held(3) == "claimcheck:{p03}:held");
  CHECK(keys::disputed(3) == "claimcheck:{p03}:disputed");
  CHECK(keys::opened("cs_test_a") == "opened:{session:cs_test_a}");
  CHECK(keys::job("j") == "claimcheck:job:j");
  CHECK(keys::idempotency("h") == "claimcheck:idem:h");
  CHECK(keys::meta() == "claimcheck:meta");
  CHECK(keys::outbox(3, "webhook") == "claimcheck:{p03}:outbox:webhook");
  CHECK(keys::message(3, "mail", "msg_1") == "claimcheck:{p03}:message:mail:msg_1");
  CHECK(keys::dead(0) == "claimcheck:{p00}:dead");
}

TEST_CASE("layout: partitions follow the CRC16 of Redis Cluster") {
  CHECK(keys::crc16("123456789") == 0x31c3);  // the specification's check value
  CHECK(keys::crc16("") == 0);
  CHECK(keys::crc16("\xff\xfe") == keys::crc16(std::string("\xff\xfe")));
  CHECK(keys::partition_of("123456789", 16) == 0x31c3 % 16);
  CHECK(keys::partition_of("anything", 1) == 0);
}

}  // namespace claimcheck::test
