// Transfer: one outgoing request for libcurl: options in, answer or error out. With a pipe it is a
// download: the answer is complete with its header, and the body goes through the pipe. Private to
// CurlClient, which builds it and leaves it to its loop. Its
// address must not change. The header names libcurl's handles only as pointers, so no file includes
// curl through it.
#pragma once

#include "net/http/http.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace claimcheck {

class BodyPipe;
class CurlList;

class Transfer {
 public:
  using Outcome = Result<HttpResponse>;
  using Completion = boost::asio::any_completion_handler<void(Outcome)>;

  Transfer(std::uint64_t id, HttpCall call, Completion completion,
           const boost::asio::any_io_executor& executor, std::shared_ptr<BodyPipe> pipe = nullptr);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  std::uint64_t id() const { return id_; }
  void* easy() const { return easy_; }  // CURL*
  // A download that had to wait for its reader goes on.
  void resume();
  // The outcome that libcurl's result (a CURLcode) means.
  Outcome outcome(int curl_code);
  // The outcome of a transfer that is ended before its answer.
  Outcome abandoned(const char* why) const;
  // Resumes the caller with the outcome, on the caller's executor. A download that has given its
  // header tells its reader.
  static void complete(std::unique_ptr<Transfer> transfer, Outcome outcome);

 private:
  void set_options();
  void set_method();
  void set_headers();
  void set_signature();
  void give_header();
  int status() const;
  static std::size_t take_body(char* data, std::size_t, std::size_t bytes, void* self);
  static std::size_t take_header(char* data, std::size_t, std::size_t bytes, void* self);
  static int before_request(void* self, char* peer_ip, char*, int, int);

  std::uint64_t id_;
  HttpCall call_;
  Completion completion_;  // empty when it was called
  std::shared_ptr<BodyPipe> pipe_;
  boost::asio::any_io_executor executor_;
  void* easy_;
  std::unique_ptr<CurlList> header_list_;
  HttpResponse response_{};
  std::size_t header_bytes_ = 0;
  bool going_out_ = false;  // connected; the peer may have seen the request
  bool header_ended_ = false;
  bool too_long_ = false;
};

}  // namespace claimcheck
