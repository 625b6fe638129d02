# The coach on ROS 2 Jazzy; docs/running.md has the commands. It was written where no image could be
# built, so that no build of it has been seen yet.
FROM ros:jazzy AS environment
ARG PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu
RUN apt-get update \
 && apt-get install -y --no-install-recommends espeak-ng make python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /ws
COPY requirements requirements
RUN python3 -m venv --system-site-packages .venv && touch .venv/COLCON_IGNORE \
 && .venv/bin/pip install --no-cache-dir --no-deps -r requirements/coach.txt \
 && .venv/bin/pip install --no-cache-dir -r requirements/torch.txt
COPY src/apsa_msgs/package.xml src/apsa_msgs/
COPY src/apsa_perception/package.xml src/apsa_perception/
COPY src/apsa_feedback/package.xml src/apsa_feedback/
RUN apt-get update && rosdep update \
 && rosdep install --from-paths src --ignore-src -y \
 && rm -rf /var/lib/apt/lists/*

FROM environment AS coach
COPY src/apsa_msgs src/apsa_msgs
COPY src/apsa_perception src/apsa_perception
COPY src/apsa_feedback src/apsa_feedback
RUN . /opt/ros/jazzy/setup.sh && . .venv/bin/activate && python -m colcon build
USER ubuntu
ENTRYPOINT ["/bin/bash", "-c", ". /ws/.venv/bin/activate && . /ws/install/setup.bash && exec \"$@\"", "--"]
CMD ["ros2", "launch", "apsa_feedback", "coach.launch.py"]
