// Real S3 servers for unit tests, each private, on a loopback port, with an empty bucket in a
// temporary directory, gone with its object: s3rver (npm) and Ceph's radosgw (.deps/storage, which
// `./dev deps` fills). A constructor that cannot do its work throws, so the test fails.
#pragma once

#include "storage/storage.hpp"
#include "support/redis_fixture.hpp"

#include <memory>
#include <string>

namespace claimcheck::test {

enum class StorageProgram { s3rver, radosgw };

class StorageServer {
 public:
  explicit StorageServer(StorageProgram program);

  // Of its bucket.
  StorageOptions options() const;

 private:
  void start_s3rver();
  void start_radosgw();
  void make_bucket() const;
  void run(const ChildProgram& program);
  void wait_until_it_answers();

  TemporaryDirectory directory_;
  std::uint16_t port_;
  StorageKey key_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace claimcheck::test
