// Requests that must be refused with 400 and a closed connection, each with the reason: two
// readers could disagree about them, or nobody could serve them. For the parser alone and for the
// server behind a real socket.
#pragma once

#include <string>
#include <vector>

namespace claimcheck::test {

struct HostileRequest {
  const char* why;
  std::string bytes;
};

inline std::vector<HostileRequest> hostile_requests() {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"length and coding",
       post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"coding and length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
      {"the same length twice", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
      {"two lengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
      {"a list of equal lengths", post + "Content-Length: 5, 5\r\n\r\nhello"},
      {"negative length", post + "Content-Length: -1\r\n\r\n"},
      {"signed length", post + "Content-Length: +5\r\n\r\nhello"},
      {"hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello"},
      {"length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"empty length", post + "Content-Length:\r\n\r\n"},
      {"unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n"},
      {"unknown coding first", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"coding after chunked", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"},
      {"two codings",
       post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"misspelt coding", post + "Transfer-Encoding: xchunked\r\n\r\n"},
      {"coding and length, unknown",
       post + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"},
      {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"space before the colon", post + "Content-Length : 5\r\n\r\nhello"},
      {"coding on a folded line", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
      {"coding behind a folded line",
       post + "X: y\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"},
      {"first line folded", "GET / HTTP/1.1\r\n Host: x\r\nHost: x\r\n\r\n"},
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"chunk size that is no number", chunked + "zz\r\n\r\n"},
      {"negative chunk size", chunked + "-1\r\n\r\n"},
      {"chunk size beyond 64 bits", chunked + "fffffffffffffffff\r\nx"},
      {"chunk longer than it says", chunked + "1\r\nabc\r\n0\r\n\r\n"},
      {"length in a trailer", chunked + "0\r\nContent-Length: 5\r\n\r\nhello"},
      {"coding in a trailer", chunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"host in a trailer", chunked + "0\r\nHost: other\r\n\r\n"},
      {"only line feeds", "GET / HTTP/1.1\nHost: x\n\n"},
      {"unknown version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
      {"no version", "GET /\r\n\r\n"},
      {"header without colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"},
      {"NUL in a value", std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 30)},
      {"NUL in the path", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"escape that is none", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"half an escape", "GET /a%4 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"bare percent", "GET /% HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"path without slash", "GET x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"address without host", "GET http:///x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"address with a user", "GET http://a@b/x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"address of another kind", "GET ftp://x/x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"address with half an escape", "GET http://x/a%4 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"whole address without a host line", "GET http://x/ HTTP/1.1\r\n\r\n"},
      {"proxy request", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"TLS to the plain port",
       std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
  };
}

}  // namespace claimcheck::test
