// JobOwners: which unit a job of the generator was made for, so that two orders never share one,
// and a job can be traced to its order. One of the roles of the store (store.hpp).
#pragma once

#include "store/async.hpp"

#include <string>

namespace claimcheck {

class JobOwners {
 public:
  virtual ~JobOwners() = default;

  // Claims a generator's job for a unit ("<session id>/<unit>"); returns who owns it now: the first
  // that asked. Errors: the store's.
  virtual Async<std::string> own_job(std::string job, std::string owner) = 0;
  // Errors: the store's; not_found = the job is nobody's.
  virtual Async<std::string> job_owner(std::string job) = 0;
};

}  // namespace claimcheck
