# find_package(claimcheck) gives claimcheck::core. On Debian 12, where Boost is older, pass
# -DBOOST_INCLUDE=<claimcheck's source>/.deps/boost/usr/include.
include(${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/claimcheckTargets.cmake)
target_link_libraries(claimcheck::core INTERFACE claimcheck_dependencies)
