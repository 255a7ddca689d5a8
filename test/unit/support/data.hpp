// Test data files: read from test/data of the source tree (CLAIMCHECK_TEST_DATA, set by the
// build). A missing file fails the test that asks for it.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace claimcheck::test {

std::string data_text(const std::string& name);
boost::json::value data_json(const std::string& name);
std::string base64_decode(std::string_view text);

}  // namespace claimcheck::test
