# SPDX-License-Identifier: Apache-2.0
#
# Debian packages: cotenant (the command line, without Qt) and cotenant-gui. `./dev package` makes them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cotenant)
set(CPACK_PACKAGE_VENDOR Cotenant)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Try a hosting setup before you buy it")
set(CPACK_PACKAGE_CONTACT "Cotenant maintainers <maintainers@cotenant.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL cli)
if(COTENANT_GUI)
  list(APPEND CPACK_COMPONENTS_ALL gui)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_CLI_PACKAGE_NAME cotenant)
set(CPACK_COMPONENT_CLI_DESCRIPTION
    "Simulates a Python web application on hosting plans: latency percentiles, errors, kills, cost, and why.")
set(CPACK_DEBIAN_GUI_PACKAGE_NAME cotenant-gui)
set(CPACK_COMPONENT_GUI_DESCRIPTION
    "The desktop program of Cotenant: sliders for load, workers, CPU and memory, and the answer while they move.")
include(CPack)
