// Transfer: one outgoing request as libcurl sees it: options in, answer or error out. Private to
// CurlClient, which builds it where it is asked and then leaves it to its own thread; its address
// must not change. Names libcurl's handles only as pointers, so nobody includes curl through it.
#pragma once

#include "net/http/http.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <cstdint>
#include <memory>

namespace claimcheck {

class CurlList;

class Transfer {
 public:
  using Outcome = Result<HttpResponse>;
  using Completion = boost::asio::any_completion_handler<void(Outcome)>;

  Transfer(std::uint64_t id, HttpCall call, Completion completion,
           const boost::asio::any_io_executor& executor);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  std::uint64_t id() const { return id_; }
  void* easy() const { return easy_; }  // CURL*
  // What libcurl's verdict (a CURLcode) means.
  Outcome outcome(int curl_code);
  // Nothing more will happen to it.
  Outcome abandoned(const char* why) const;
  // Hands the outcome to whoever waits, on their executor.
  static void complete(std::unique_ptr<Transfer> transfer, Outcome outcome);

 private:
  void set_options();
  void set_method();
  void set_headers();
  static std::size_t take_body(char* data, std::size_t, std::size_t bytes, void* self);
  static std::size_t take_header(char* data, std::size_t, std::size_t bytes, void* self);
  static int before_request(void* self, char* peer_ip, char*, int, int);

  std::uint64_t id_;
  HttpCall call_;
  Completion completion_;
  boost::asio::executor_work_guard<boost::asio::any_io_executor> work_;
  void* easy_;
  std::unique_ptr<CurlList> header_list_;
  HttpResponse response_{};
  std::size_t header_bytes_ = 0;
  bool going_out_ = false;  // connected; from now on the peer may have seen it
  bool header_ended_ = false;
  bool too_long_ = false;
};

}  // namespace claimcheck
