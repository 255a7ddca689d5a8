// FileRoute: GET /api/file/{id}, what the generator says of one file. Only files of our orders
// are answered, and their address only when the buyer's own view shows it. Answers are cached for
// moments, so that a page that polls does not reach the generator each time. Owned by Api, borrows
// what it is given.
#pragma once

#include "api/router.hpp"
#include "base/sweep.hpp"
#include "generator/generators.hpp"
#include "store/store.hpp"

#include <string>
#include <unordered_map>

namespace claimcheck {

class FileRoute {
 public:
  FileRoute(Clock& clock, Store& store, const Generators& generators)
      : clock_(clock), store_(store), generators_(generators) {}

  // Errors: 404 for a file of no order of ours, 502 when the generator does not answer, 503.
  Answer file(std::string file_id);

 private:
  struct CachedFile {
    std::string body;
    Duration fresh_until;
  };
  boost::asio::awaitable<Result<std::string>> body_of(std::string file_id, std::string owner);
  void keep(std::string file_id, CachedFile file);

  Clock& clock_;
  Store& store_;
  const Generators& generators_;
  std::unordered_map<std::string, CachedFile> files_;
  SweepMark files_sweep_;
};

}  // namespace claimcheck
