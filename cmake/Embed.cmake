# embed_files(<variable> <kind> <header> <glob>…): files as constants in a generated header.
# kind lua: one string_view lua_<name> per file; any other kind: an array <kind>_files of File.
# The header is made again when a file changes, comes or goes; a missing folder gives no files.
find_program(PYTHON3 python3 REQUIRED)

function(embed_files variable kind header)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.py)
  set(output ${PROJECT_BINARY_DIR}/generated/${header})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${PYTHON3} ${script} ${kind} ${output} ${files}
    DEPENDS ${script} ${files}
    COMMENT "Embedding ${header}")
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
