// Compiles Boost.Redis once, so that no other file does.
#include <boost/redis/src.hpp>
