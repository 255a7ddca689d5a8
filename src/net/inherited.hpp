// Descriptors that whoever started this process gave it, as systemd does it: LISTEN_PID, LISTEN_FDS
// and LISTEN_FDNAMES, sd_listen_fds(3).
#pragma once

#include <vector>

namespace claimcheck {

inline constexpr const char* inherited_worker_name = "worker";

struct Inherited {
  std::vector<int> ports;  // sockets that listen already
  // We are one of several workers. This pipe tells their supervisor that we serve (a byte), and by
  // its end that we have ended.
  int worker = -1;
};

// They are not passed on to programs that we start. -1 = there is none.
Inherited inherited();

}  // namespace claimcheck
