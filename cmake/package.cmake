# The Debian package, by CPack: the two programs, their man pages and the shells' completions, which slipway itself prints
# from its tables. `./dev package` builds it.

set(reference ${PROJECT_BINARY_DIR}/reference)
set(slipway_reference_files)
function(slipway_reference file)
  add_custom_command(OUTPUT ${reference}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${reference}
    COMMAND slipway ${ARGN} > ${reference}/${file}
    DEPENDS slipway VERBATIM)
  set(slipway_reference_files ${slipway_reference_files} ${reference}/${file} PARENT_SCOPE)
endfunction()
function(slipway_compressed file from)
  add_custom_command(OUTPUT ${reference}/${file}.gz
    COMMAND gzip -9n < ${from} > ${reference}/${file}.gz
    DEPENDS ${from} VERBATIM)
  set(slipway_reference_files ${slipway_reference_files} ${reference}/${file}.gz PARENT_SCOPE)
endfunction()

slipway_reference(slipway.1 manual slipway)
slipway_reference(slipway-init.8 manual slipway-init)
slipway_reference(slipway.bash completion bash)
slipway_reference(slipway.zsh completion zsh)
slipway_reference(slipway.fish completion fish)
configure_file(packaging/changelog.in ${reference}/changelog @ONLY)
slipway_compressed(slipway.1 ${reference}/slipway.1)
slipway_compressed(slipway-init.8 ${reference}/slipway-init.8)
slipway_compressed(changelog ${reference}/changelog)
add_custom_target(package_files DEPENDS slipway slipway-init ${slipway_reference_files})

install(TARGETS slipway slipway-init RUNTIME DESTINATION bin)
install(FILES ${reference}/slipway.1.gz DESTINATION share/man/man1)
install(FILES ${reference}/slipway-init.8.gz DESTINATION share/man/man8)
install(FILES ${reference}/slipway.bash DESTINATION share/bash-completion/completions RENAME slipway)
install(FILES ${reference}/slipway.zsh DESTINATION share/zsh/vendor-completions RENAME _slipway)
install(FILES ${reference}/slipway.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${reference}/changelog.gz packaging/copyright DESTINATION share/doc/slipway)
install(FILES packaging/lintian-overrides DESTINATION share/lintian/overrides RENAME slipway)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The slipway maintainers <maintainers@slipway.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "start an application only on the database schema it was built for")
set(CPACK_PACKAGE_DESCRIPTION
  "slipway is a container entrypoint and a migration tool for PostgreSQL. It
waits for the database, applies pending migrations exactly once however many
replicas start together, and hands the container to a tiny init that runs the
application.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)
include(CPack)
