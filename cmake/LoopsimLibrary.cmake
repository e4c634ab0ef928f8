# loopsim_library(FOLDER DEPENDS …): the static library loopsim::FOLDER from all sources in FOLDER.
# Includes are written from the repository root, so a folder that is not a dependency does not link.
function(loopsim_library folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.hpp)
  add_library(loopsim_${folder} STATIC ${sources} ${headers})
  add_library(loopsim::${folder} ALIAS loopsim_${folder})
  # A folder of headers alone, too, is a library.
  set_target_properties(loopsim_${folder} PROPERTIES EXPORT_NAME ${folder} LINKER_LANGUAGE CXX)
  target_compile_features(loopsim_${folder} PUBLIC cxx_std_17)
  target_include_directories(loopsim_${folder} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                      $<INSTALL_INTERFACE:include/loopsim>)
  target_link_libraries(loopsim_${folder} PUBLIC ${ARG_DEPENDS} PRIVATE $<BUILD_INTERFACE:loopsim_warnings>)
  set_property(GLOBAL APPEND PROPERTY LOOPSIM_LIBRARIES ${folder})
endfunction()
