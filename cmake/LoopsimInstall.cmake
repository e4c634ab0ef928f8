# What `cmake --install` puts where: the program, the libraries, their headers, the presets as files to read and copy,
# and a package, so that another project can `find_package(Loopsim CONFIG)` and link loopsim::sim.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Loopsim)
get_property(folders GLOBAL PROPERTY LOOPSIM_LIBRARIES)

foreach(folder IN LISTS folders)
  install(TARGETS loopsim_${folder} EXPORT LoopsimTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/loopsim/${folder}
          FILES_MATCHING PATTERN "*.hpp" PATTERN presets EXCLUDE)
endforeach()
install(TARGETS loopsim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY arch/presets/ DESTINATION ${CMAKE_INSTALL_DATADIR}/loopsim/presets/machines)
install(DIRECTORY workloads/presets/ DESTINATION ${CMAKE_INSTALL_DATADIR}/loopsim/presets/workloads)
install(DIRECTORY arch/parts/ DESTINATION ${CMAKE_INSTALL_DATADIR}/loopsim/parts)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT LoopsimTargets NAMESPACE loopsim:: DESTINATION ${package_dir})
configure_package_config_file(cmake/LoopsimConfig.cmake.in ${PROJECT_BINARY_DIR}/LoopsimConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/LoopsimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/LoopsimConfig.cmake ${PROJECT_BINARY_DIR}/LoopsimConfigVersion.cmake
        DESTINATION ${package_dir})
