// FileRoute: GET /api/file/{id}, what the generator says of one file. Only files of our orders are
// told of, and their address only when the buyer's own view shows it. Answers are kept for moments,
// so that a page that polls does not reach the generator each time. Owned by Api, borrows what it
// is given.
#pragma once

#include "api/router.hpp"
#include "base/sweep.hpp"
#include "generator/superduperai.hpp"
#include "store/store.hpp"

#include <string>
#include <unordered_map>

namespace claimcheck {

class FileRoute {
 public:
  FileRoute(Clock& clock, Store& store, superduperai::Client& generator)
      : clock_(clock), store_(store), generator_(generator) {}

  Answer file(std::string file_id);

 private:
  struct CachedFile {
    std::string body;
    Duration fresh_until;
  };
  void keep(std::string file_id, CachedFile file);

  Clock& clock_;
  Store& store_;
  superduperai::Client& generator_;
  std::unordered_map<std::string, CachedFile> files_;
  SweepMark files_sweep_;
};

}  // namespace claimcheck
