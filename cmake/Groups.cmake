# compile_in_groups(<target> <file…>): with CLAIMCHECK_GROUPED files of one folder are compiled as
# one, which takes a third of the time. Without it each is compiled alone, with -Wshadow as well,
# and a missing include is found.
function(compile_in_groups target)
  if(NOT CLAIMCHECK_GROUPED)
    return()
  endif()
  execute_process(COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/cmake/groups.py ${ARGN}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${lines}")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^(.*)\\|(.*)$" line "${line}")
    set_source_files_properties(${CMAKE_MATCH_2} PROPERTIES UNITY_GROUP ${CMAKE_MATCH_1})
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
