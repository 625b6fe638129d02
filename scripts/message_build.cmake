# Included by each message package after project(), so that it is built in less time.

# The generated C++ is compiled in a few large units: including the headers takes most of the time.
# C++ introspection is left out: there, a message must be declared before those that contain it.
function(build_as_units)
  get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    if(target MATCHES "__rosidl_typesupport_(c|cpp|fastrtps_c|fastrtps_cpp)$"
       AND NOT target MATCHES "_s__")  # extension modules of one file
      set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 7)
      target_compile_options(${target} PRIVATE -Wno-redundant-decls)
    endif()
  endforeach()
endfunction()
cmake_language(DEFER CALL build_as_units)

# Nodes in C++ need a ROS install; without one only the headers are read, by the test of the example.
if(WITHOUT_CPP)
  find_package(rosidl_default_generators REQUIRED)
  list(FILTER AMENT_EXTENSIONS_rosidl_generate_idl_interfaces EXCLUDE REGEX "_typesupport_.*cpp:")
endif()
