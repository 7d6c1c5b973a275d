# How every file is compiled: the standard, warnings, build types, sanitizers, LTO, ccache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# No -DNDEBUG anywhere: assert is for our own mistakes and stays on in release.
set(CMAKE_CXX_FLAGS_RELEASE
    "-O2 -g1 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_TEST "-O1 -g1 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_COVERAGE "-O0 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Wl,-z,relro,-z,now")

# A warning says something about our code, or it is off: -Wrestrict is wrong on `"literal" + string` in GCC 12
# (GCC bug 105651), and four more that guess from inlined library code warn but do not stop the build.
set(DISBURSE_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Werror -Werror=unused-result)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND DISBURSE_WARNINGS -Wno-restrict -Wno-error=array-bounds -Wno-error=stringop-overflow
       -Wno-error=stringop-overread -Wno-error=maybe-uninitialized)
else()
  # clang only builds the fuzz targets: what the warnings have to say, GCC says of the same files.
  set(DISBURSE_WARNINGS -w)
endif()

# One -pthread for every file: a precompiled header is only taken by files compiled in the same way.
add_compile_options(-pthread)
add_link_options(-pthread)
# An assert names src/x.cpp, wherever it was built.
add_compile_options(-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(DISBURSE_SANITIZE)
  add_compile_options(-fsanitize=${DISBURSE_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  add_link_options(-fsanitize=${DISBURSE_SANITIZE})
endif()

# Counts are of the code as it is written: not optimised, and true with many threads.
if(DISBURSE_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

if(DISBURSE_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()

# ccache takes files with a precompiled header only under this sloppiness, and only if the compiler is told to keep
# the include of the precompiled header in the preprocessed text.
find_program(DISBURSE_CCACHE ccache)
if(DISBURSE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${DISBURSE_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
else()
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
