// Visits the described members of a struct (Boost.Describe) in their order: the visitor gets a
// descriptor with `name` and `pointer`. All stored forms and the tests of their documentation go
// through here, so a new member is one line where the struct is. Internal to src/store.
#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

namespace claimcheck {

template <typename Struct, typename Visitor>
void for_each_member(Visitor visit) {
  boost::mp11::mp_for_each<boost::describe::describe_members<Struct, boost::describe::mod_public>>(
      visit);
}

}  // namespace claimcheck
