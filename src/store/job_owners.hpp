// JobOwners: the unit that each job of the generator was made for. Two orders never share a job,
// and every job can be traced to its order. One of the roles of the store (store.hpp).
#pragma once

#include "store/async.hpp"

#include <string>

namespace claimcheck {

class JobOwners {
 public:
  virtual ~JobOwners() = default;

  // Makes a unit ("<session id>/<unit>") the owner of a generator's job, unless the job has an
  // owner. Returns the owner: the unit that asked first. Errors: the store's.
  virtual Async<std::string> own_job(std::string job, std::string owner) = 0;
  // Errors: the store's; not_found = the job has no owner.
  virtual Async<std::string> job_owner(std::string job) = 0;
};

}  // namespace claimcheck
