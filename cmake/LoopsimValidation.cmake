# loopsim_embed_validation(FOLDER): adds validation/{cases,data,machines,mappings} and the LoopTree goldens to
# loopsim_FOLDER, so that the program needs no data files.
function(loopsim_embed_validation folder)
  set(list "")
  set(depends "")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/validation/*.yaml
       ${PROJECT_SOURCE_DIR}/validation/*.csv)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR}/validation ${file})
    list(APPEND list "${name}=${file}")
    list(APPEND depends ${file})
  endforeach()
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/goldens/looptree/*.yaml
       ${PROJECT_SOURCE_DIR}/tests/goldens/looptree/*.json)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    list(APPEND list "data/looptree/${name}=${file}")
    list(APPEND depends ${file})
  endforeach()
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedValidation.cmake)
  set(output ${PROJECT_BINARY_DIR}/generated/validation/ValidationTexts.cpp)
  # The names are part of the command, so that a file that goes away rewrites the table too.
  list(JOIN list "|" joined)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} "-DFILES=${joined}" -P ${script}
    DEPENDS ${script} ${depends}
    COMMENT "Embedding the validation cases"
    VERBATIM)
  target_sources(loopsim_${folder} PRIVATE ${output})
endfunction()
