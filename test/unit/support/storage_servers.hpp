// Real S3 servers for unit tests, each private, on a loopback port, with an empty bucket in a
// temporary directory, gone with its object: s3rver (npm) and Ceph's radosgw (.deps/storage, which
// `./dev deps` fills). A constructor that cannot do its work throws, so the test fails.
#pragma once

#include "storage/storage.hpp"
#include "support/redis_fixture.hpp"

#include <memory>
#include <string>
#include <vector>

namespace claimcheck::test {

enum class StorageProgram { s3rver, radosgw };

class StorageServer {
 public:
  explicit StorageServer(StorageProgram program);

  // Of its bucket.
  StorageOptions options() const;

 private:
  void start_s3rver();
  void make_radosgw_user();
  void start_radosgw();
  std::vector<std::string> radosgw_arguments() const;
  void run(const ChildProgram& program);
  bool answers() const;
  std::string output() const;
  void make_bucket() const;

  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  StorageKey key_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace claimcheck::test
