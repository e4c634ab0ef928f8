# loopsim_embed_presets(FOLDER): adds the texts of all presets to loopsim_FOLDER, so that the program needs no data
# files. Machines are arch/presets/NAME.yaml, workloads workloads/presets/NAME/VARIANT.yaml.
function(loopsim_embed_presets folder)
  file(GLOB machines CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/arch/presets/*.yaml)
  file(GLOB_RECURSE workloads CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/workloads/presets/*.yaml)
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedPresets.cmake)
  set(output ${PROJECT_BINARY_DIR}/generated/workloads/PresetTexts.cpp)
  # The names are part of the command, so that a preset that goes away rewrites the file too.
  list(JOIN machines "|" machine_list)
  list(JOIN workloads "|" workload_list)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D ROOT=${PROJECT_SOURCE_DIR} -D MACHINES=${machine_list}
            -D WORKLOADS=${workload_list} -P ${script}
    DEPENDS ${script} ${machines} ${workloads}
    COMMENT "Embedding the presets"
    VERBATIM)
  target_sources(loopsim_${folder} PRIVATE ${output})
endfunction()
