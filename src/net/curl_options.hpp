// How options are given to libcurl. An option that libcurl must accept is asserted. A value that
// may be wrong (a URL, a foreign text) fails when it is used. Internal to src/net.
#pragma once

#include "base/assert.hpp"

#include <curl/curl.h>

#include <string>

namespace claimcheck {

template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  ENSURE(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

inline void set_text(CURL* easy, CURLoption option, const std::string& text) {
  curl_easy_setopt(easy, option, text.c_str());
}

// A list of lines for libcurl: headers, recipients. It must outlive the transfer.
class CurlList {
 public:
  CurlList() = default;
  ~CurlList() { curl_slist_free_all(lines_); }
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;

  void add(const std::string& line) {
    lines_ = curl_slist_append(lines_, line.c_str());
    ENSURE(lines_ != nullptr);
  }
  curl_slist* lines() const { return lines_; }

 private:
  curl_slist* lines_ = nullptr;
};

}  // namespace claimcheck
