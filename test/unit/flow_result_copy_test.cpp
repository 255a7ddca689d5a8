// A result on its way from a generator's address to the shop's storage: in parts, gone on with
// after a crash, and never joined from two different files.
#include "flow/result_copy.hpp"
#include "support/bucket.hpp"
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

constexpr std::size_t mib = 1024UL * 1024;

std::string some_bytes(std::size_t size, char seed) {
  std::string bytes(size, seed);
  for (std::size_t i = 0; i < size; i += 4096) bytes[i] = static_cast<char>('a' + i / 4096 % 26);
  return bytes;
}

// A paid order whose only video is at https://v/1.mp4, and a bucket at https://bucket.
struct CopyWorld {
  Order order;
  Bucket bucket;
  std::string source = some_bytes(12 * mib, '1');
  std::string type = "video/mp4";
  std::string etag = "\"one\"";
  bool ranges = true;
  int source_status = 200;
  int bucket_parts_max = 1'000'000;  // then it is away
  int source_opened = 0;
  std::int64_t bytes_max = StorageOptions().bytes_max;
  Storage storage;
  Claim claim;

  explicit CopyWorld(std::int64_t most = StorageOptions().bytes_max)
      : bytes_max(most),
        storage(order.world.http, order.world.run.clock,
                {.url = "https://bucket", .key = {.id = "k"}, .bytes_max = most}) {
    order.world.http.aside = [this](const HttpCall& call) { return answer_to(call); };
    order.world.context.storage = &storage;
    order.world.context.policy.keeps_results = true;
    order.world.context.public_url = "https://shop";
    order.pass({order.paid(), job("job-1")});
    claim = order.claim();
    observe(Polled{.result = PollResult::ready, .url = "https://v/1.mp4"});
    REQUIRE(unit().state == UnitState::copying);
  }

  const Unit& unit() const { return claim.units[0]; }
  void observe(const Observation& seen) {
    claim = decide(claim, seen, order.world.run.clock.now(), order.world.context.policy).claim;
  }
  Copied stretch() {
    const OrderInWork work(order.world.context, order_id, claim);
    ResultCopy copy(work);
    const Seen seen = order.world.run(copy.copy(0));
    observe(*seen);
    return std::get<Copied>(*seen);
  }
  const Bucket::Object& stored() const {
    REQUIRE(bucket.objects.size() == 1);
    return bucket.objects.begin()->second;
  }

 private:
  std::optional<HttpResponse> answer_to(const HttpCall& call) {
    if (call.url == "https://v/1.mp4") return source_answer(call);
    const std::string base = "https://bucket";
    if (!call.url.starts_with(base)) return std::nullopt;
    if (call.method == "PUT" && bucket.parts_written >= bucket_parts_max) return answer(503, "");
    const std::size_t mark = call.url.find('?');
    return bucket.answer(
        {.method = call.method,
         .path = call.url.substr(base.size(), mark == call.url.npos ? mark : mark - base.size()),
         .query = mark == call.url.npos ? "" : call.url.substr(mark + 1),
         .headers = call.headers,
         .body = call.body});
  }
  HttpResponse source_answer(const HttpCall& call) {
    ++source_opened;
    if (source_status != 200) return answer(source_status, "");
    HttpResponse whole = answer(200, source);
    whole.headers = {{"content-type", type}, {"etag", etag}};
    const std::string* range = find_header(call.headers, "range");
    if (range != nullptr && ranges) {
      const auto from = static_cast<std::size_t>(std::stoll(range->substr(6)));
      whole.status = from < source.size() ? 206 : 416;
      whole.body = from < source.size() ? source.substr(from) : "";
      whole.headers.push_back({"content-range", from < source.size()
                                                    ? fmt::format("bytes {}-{}/{}", from,
                                                                  source.size() - 1, source.size())
                                                    : fmt::format("bytes */{}", source.size())});
    } else {
      whole.headers.push_back({"content-length", fmt::to_string(source.size())});
    }
    return whole;
  }
};

TEST_CASE("result copy: in parts, whole, with its type, under a name that leads nowhere") {
  CopyWorld world;
  const Copied seen = world.stretch();
  CHECK(seen.result == CopyResult::stored);
  CHECK(world.bucket.parts_written == 3);
  CHECK(world.stored().bytes == world.source);
  CHECK(world.stored().content_type == "video/mp4");
  CHECK(world.unit().state == UnitState::ready);
  CHECK(world.unit().bytes == static_cast<std::int64_t>(world.source.size()));
  CHECK(world.unit().object.starts_with("claimcheck/20"));
  CHECK(world.unit().object.ends_with(".mp4"));
  CHECK(world.unit().object.find(order_id) == std::string::npos);
  CHECK(world.unit().url == "https://shop/api/result/" + order_id + "-1.mp4");
  CHECK(world.bucket.uploads_open() == 0);
}

TEST_CASE("result copy: a large one takes several stretches, each from where the last one ended") {
  CopyWorld world;
  world.source = some_bytes(45 * mib + 7, '2');
  const Copied first = world.stretch();
  CHECK(first.result == CopyResult::going_on);
  CHECK(world.bucket.parts_written == stretch_parts);
  CHECK(!world.unit().upload.empty());
  CHECK(world.stretch().result == CopyResult::stored);
  CHECK(world.bucket.parts_written == 10);
  CHECK(world.stored().bytes == world.source);
}

TEST_CASE("result copy: after a fault in the middle no part is sent twice") {
  CopyWorld world;
  world.source = some_bytes(23 * mib, '3');
  SUBCASE("of a source with ranges") {}
  SUBCASE("of a source without") { world.ranges = false; }
  world.bucket_parts_max = 2;
  CHECK(world.stretch().result == CopyResult::going_on);
  CHECK(world.stretch().result == CopyResult::unclear);
  CHECK(world.unit().state == UnitState::copying);
  world.bucket_parts_max = 1000;
  CHECK(world.stretch().result == CopyResult::stored);
  CHECK(world.bucket.parts_written == 5);
  CHECK(world.stored().bytes == world.source);
}

TEST_CASE("result copy: while the storage takes no part, one upload is begun and not many") {
  CopyWorld world;
  world.bucket_parts_max = 0;
  for (int tries = 0; tries < 5; ++tries) CHECK(world.stretch().result == CopyResult::unclear);
  CHECK(world.bucket.uploads_open() == 1);
  world.bucket_parts_max = 1000;
  CHECK(world.stretch().result == CopyResult::stored);
  CHECK(world.bucket.uploads_open() == 0);
}

TEST_CASE("result copy: another file at the address begins anew") {
  CopyWorld world;
  world.bucket_parts_max = 1;
  CHECK(world.stretch().result == CopyResult::going_on);
  world.source = some_bytes(12 * mib, '9');
  world.etag = "\"two\"";
  world.bucket_parts_max = 1000;
  CHECK(world.stretch().result == CopyResult::going_on);
  CHECK(world.unit().upload.empty());
  CHECK(world.bucket.uploads_open() == 0);
  CHECK(world.stretch().result == CopyResult::stored);
  CHECK(world.stored().bytes == world.source);
}

TEST_CASE("result copy: one that was completed and not recorded is taken as it is") {
  CopyWorld world;
  world.bucket_parts_max = 2;
  world.stretch();
  const Claim before = world.claim;
  world.bucket_parts_max = 1000;
  CHECK(world.stretch().result == CopyResult::stored);
  world.claim = before;
  const int written = world.bucket.parts_written;
  CHECK(world.stretch().result == CopyResult::stored);
  CHECK(world.bucket.parts_written == written);
  SUBCASE("unless its length is another one") {
    world.claim = before;
    world.bucket.objects.begin()->second.bytes.pop_back();
    CHECK(world.stretch().result == CopyResult::going_on);
    CHECK(world.unit().upload.empty());
    CHECK(world.stretch().result == CopyResult::stored);
    CHECK(world.stored().bytes == world.source);
  }
}

TEST_CASE("result copy: what is no video is not kept") {
  CopyWorld world;
  world.type = "image/png";
  CHECK(world.stretch().reason == "it is no video, but image/png");
  CHECK(world.unit().state == UnitState::held);
  CHECK(world.bucket.uploads_open() == 0);
}

TEST_CASE("result copy: what is too large is not kept, and leaves nothing behind") {
  CopyWorld world(10 * mib);
  CHECK(world.stretch().reason == "it is larger than 10485760 bytes");
  CHECK(world.unit().state == UnitState::held);
  CHECK(world.bucket.parts_written == 0);
  CHECK(world.bucket.uploads_open() == 0);
}

TEST_CASE("result copy: a dead or silent source, and too many at once") {
  CopyWorld world;
  SUBCASE("dead") {
    world.source_status = 404;
    CHECK(world.stretch().result == CopyResult::gone);
    CHECK(world.unit().state == UnitState::running);
  }
  SUBCASE("a fault") {
    world.source_status = 500;
    CHECK(world.stretch().reason == "the source: it answers 500");
    CHECK(world.unit().put_offs == 1);
  }
  SUBCASE("an error page") {
    world.type = "text/html";
    CHECK(world.stretch().result == CopyResult::gone);
  }
  SUBCASE("enough others") {
    world.order.world.context.copies = copies_max;
    CHECK(world.stretch().result == CopyResult::busy);
    CHECK(world.source_opened == 0);
    CHECK(world.order.world.context.copies == copies_max);
  }
}

}  // namespace
}  // namespace claimcheck::test
