# Writes OUTPUT, a C++ source with the commit of SOURCE_DIR, if it would change; run at every build. Empty where SOURCE_DIR
# is no git checkout, as in a source archive (a checkout further out is not its own).
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --show-prefix --short=12 HEAD
                RESULT_VARIABLE failed OUTPUT_VARIABLE lines ERROR_QUIET)
set(LOOPSIM_GIT "")
# The first line is the way from the top of the checkout to SOURCE_DIR: none.
if(NOT failed AND lines MATCHES "^\n([0-9a-f]+)\n$")
  set(LOOPSIM_GIT ${CMAKE_MATCH_1})
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
