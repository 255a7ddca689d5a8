// Compiles Boost.JSON once, so that no other file does.
#include <boost/json/src.hpp>
