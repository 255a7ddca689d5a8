// What `claimcheck doctor` says of the storage, with a real one and with wrong settings.
#include "cli/storage_check.hpp"
#include "net/http/client.hpp"
#include "support/http_fixture.hpp"
#include "support/storage_servers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck {
namespace {

namespace asio = boost::asio;

std::vector<Finding> findings(const StorageOptions& storage) {
  Config config;
  config.storage = storage;
  const RealClock clock;
  asio::io_context io;
  std::vector<Finding> found;
  asio::co_spawn(
      io, check_storage(config, clock),
      [&found](const std::exception_ptr&, std::vector<Finding> all) { found = std::move(all); });
  io.run();
  return found;
}

Finding first_finding(const StorageOptions& storage) {
  const std::vector<Finding> found = findings(storage);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].text.contains(storage.key.secret.reveal()));
  return found[0];
}

TEST_CASE("doctor: the storage is written to, read, listed, and left as it was") {
  CHECK(findings({}).empty());
  const test::StorageServer server(test::StorageProgram::radosgw);
  const std::vector<Finding> found = findings(server.options());
  REQUIRE(found.size() == 2);
  CHECK(found[0].grade == Grade::good);
  CHECK(found[0].text == "keeps results, and buyers read them by a signed link");
  CHECK(found[1].grade == Grade::good);
  CHECK(found[1].text == "lists what it keeps");
  asio::io_context io;
  CurlClient client(io.get_executor());
  const RealClock clock;
  Storage storage(client, clock, server.options());
  asio::co_spawn(io, storage.list({}, {}), [](const std::exception_ptr&, const auto& page) {
    REQUIRE(page.has_value());
    CHECK(page->objects.empty());
  });
  io.run();

  StorageOptions wrong = server.options();
  wrong.key.secret = Secret("another one");
  Finding told = first_finding(wrong);
  CHECK(told.grade == Grade::refused);
  CHECK(told.text.contains("cannot write: the storage answers 403 SignatureDoesNotMatch"));
  CHECK(told.text.contains("give the key the right s3:PutObject"));
  wrong = server.options();
  wrong.key.id = "NOBODY";
  CHECK(first_finding(wrong).text.contains("403 InvalidAccessKeyId"));
  wrong = server.options();
  wrong.url += "-of-nobody";
  told = first_finding(wrong);
  CHECK(told.grade == Grade::refused);
  CHECK(told.text.ends_with("check the bucket in CLAIMCHECK_STORAGE_URL"));

  // Not for everybody: its public address is refused.
  StorageOptions open = server.options();
  open.public_url = open.url;
  const std::vector<Finding> closed = findings(open);
  REQUIRE(closed.size() == 2);
  CHECK(closed[0].grade == Grade::refused);
  CHECK(closed[0].text.contains("everybody may read the bucket"));
}

TEST_CASE("doctor: a storage that does not answer is not known to be wrong") {
  StorageOptions away;
  away.url = "http://127.0.0.1:" + std::to_string(test::unused_port()) + "/bucket";
  away.key.id = "id";
  away.key.secret = Secret("sesame");
  const Finding told = first_finding(away);
  CHECK(told.grade == Grade::unreached);
  CHECK(told.text.ends_with("check CLAIMCHECK_STORAGE_URL and the network"));
}

}  // namespace
}  // namespace claimcheck
