// Workers: several processes of the server on one port. This process serves nothing itself. It
// opens the port, starts the workers with it, and starts another one for each that ends, with
// growing pauses. Connections wait at the port, not at a process, so none is lost when one of them
// ends. SIGHUP exchanges all workers, one after the other: a new one serves before the former one
// ends. They run the program that is at its path now, and read the settings file anew, so this is
// how a new release, or new settings, are taken without a pause. SIGTERM and SIGINT end the
// workers, then this process. Wrong settings end all of them only if none has ever served.
#pragma once

#include "app/service.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"

#include <string>
#include <vector>

namespace claimcheck {

inline constexpr Duration worker_pause_min = std::chrono::milliseconds(200);
inline constexpr Duration worker_pause_max = std::chrono::seconds(10);
// So long a new worker may take until it serves, and a former one until it has ended.
inline constexpr Duration worker_start_max = std::chrono::seconds(60);
inline constexpr Duration worker_end_max = std::chrono::seconds(40);

struct WorkerProgram {
  std::string path;  // as it was called, with its links: one may lead to a new release
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
};

// Blocks until a signal; called from the main thread. `clock` is the machine's. The codes are those
// of serve().
ExitCode serve_by_workers(const Config& config, Clock& clock, WorkerProgram program);

}  // namespace claimcheck
