# Script: see CMakeLists.txt.
cmake_minimum_required(VERSION 3.25)

function(git)
  execute_process(COMMAND git -C ${WORK_DIR}/checkout -c user.name=Tester -c user.email=tester@example.org -c commit.gpgsign=false ${ARGN}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(expect source commit)
  execute_process(COMMAND ${CMAKE_COMMAND} -D SOURCE_DIR=${source} -D PROJECT_VERSION=1.2.3 -D TEMPLATE=${TEMPLATE}
                          -D OUTPUT=${WORK_DIR}/Version.cpp -P ${SCRIPT} COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${WORK_DIR}/Version.cpp text)
  if(NOT text MATCHES "\"1.2.3\", \"${commit}\"")
    message(FATAL_ERROR "${source}: expected '${commit}' in ${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
file(WRITE ${WORK_DIR}/checkout/archive/README "sources without a checkout of their own\n")
git(init -q)
expect(${WORK_DIR}/checkout "")
git(add .)
git(commit -q -m "First")
execute_process(COMMAND git -C ${WORK_DIR}/checkout rev-parse --short=12 HEAD
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
expect(${WORK_DIR}/checkout ${commit})

# Nothing new, nothing written: Version.cpp stays older than a file made in between.
file(TOUCH ${WORK_DIR}/between)
expect(${WORK_DIR}/checkout ${commit})
if(${WORK_DIR}/Version.cpp IS_NEWER_THAN ${WORK_DIR}/between AND NOT ${WORK_DIR}/between IS_NEWER_THAN ${WORK_DIR}/Version.cpp)
  message(FATAL_ERROR "written again although nothing changed")
endif()
expect(${WORK_DIR}/checkout/archive "")
