"""From the person's posture to a robot's joints."""
