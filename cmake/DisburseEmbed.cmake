# Files built into the program.
#
#   disburse_embed(<target> <name> file...)
#     Generates generated/<name>.hpp, to be included as "generated/<name>.hpp", and adds its .cpp to <target>. For
#     web/claim/claim.css the header declares `disburse::embedded::claim_css`, a std::string_view of the file's bytes,
#     whatever they are; and disburse::embedded::<name>_files, all of them with their file names, in the order given.
#     Two files of one call must not have the same name. A changed file is embedded again at the next build.

function(disburse_embed target name)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  set(files)
  foreach(file IN LISTS ARGN)
    get_filename_component(file ${file} ABSOLUTE)
    list(APPEND files ${file})
  endforeach()
  list(JOIN files "\n" lines)
  file(CONFIGURE OUTPUT ${out}.files CONTENT "${lines}\n" @ONLY)
  add_custom_command(
    OUTPUT ${out}.hpp ${out}.cpp
    COMMAND ${CMAKE_COMMAND} -D NAME=${name} -D LIST=${out}.files -D OUT=${out} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${files} ${out}.files ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}.cpp ${out}.hpp)
endfunction()
