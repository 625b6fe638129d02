"""The ROS side: convert, call, publish."""
