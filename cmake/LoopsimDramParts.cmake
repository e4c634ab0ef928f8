# loopsim_embed_dram_parts(FOLDER): adds the texts of arch/parts/*.yaml to loopsim_FOLDER, so that the program needs no
# data files.
function(loopsim_embed_dram_parts folder)
  file(GLOB parts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/arch/parts/*.yaml)
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedDramParts.cmake)
  set(output ${PROJECT_BINARY_DIR}/generated/arch/DramPartTexts.cpp)
  # The names are part of the command, so that a part that goes away rewrites the file too.
  list(JOIN parts "|" part_list)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D FILES=${part_list} -P ${script}
    DEPENDS ${script} ${parts}
    COMMENT "Embedding the DRAM parts"
    VERBATIM)
  target_sources(loopsim_${folder} PRIVATE ${output})
endfunction()
