"""Parameters of the feedback node; defaults are in ``config/feedback.yaml``."""

from apsa_perception.ros.parameters import Spec

POLICY = (
    Spec("policy.min_gap_s", "[s] between two cues; a more urgent one does not wait", 0.0, 60.0),
    Spec("policy.error_repeat_s", "[s] before the same error is named again", 0.0, 600.0),
    Spec("policy.keep_s", "[s] for which a cue that has to wait is worth saying", 0.0, 60.0),
    Spec("policy.hint_after_s", "[s] nobody or too little seen before a hint", 0.0, 600.0),
    Spec("policy.hint_repeat_s", "[s] before the same hint is given again", 0.0, 3600.0),
    Spec("policy.praise_after", "repetitions without a named error that earn praise", 1, 100),
    Spec("policy.encourage_after", "good repetitions in a row that earn a word; 0: never", 0, 100),
    Spec("policy.count_every", "repetitions between two spoken counts; 0: never", 0, 100),
)

SCREEN = (
    Spec("screen.host", "address to serve on; other than a local one needs screen.token"),
    Spec("screen.port", "TCP port; 0: a free one", 0, 65535),
    Spec("screen.token", "secret of the viewers, 12 characters or more; empty: none"),
    Spec("screen.max_width", "[px] wider pictures are scaled down", 160, 3840),
    Spec("screen.jpeg_quality", "quality of the pictures", 1, 100),
    Spec("screen.mirror", "show the picture as a mirror does"),
    Spec("screen.picture", "show the picture; false: only the drawn skeleton"),
)

SPEECH = (
    Spec("speech.voice", "espeak-ng voice; empty: that of the language"),
    Spec("speech.words_per_minute", "how fast; 0: as the language is spoken", 0, 450),
    Spec("speech.volume", "how loud, 100 is normal", 0, 200),
    Spec("speech.wav_dir", "folder for a wav file of each cue; empty: none"),
)

ROBOT = (
    Spec("robot.map", "joint map: a YAML file, or the name of one in config/robot"),
    Spec(
        "robot.interface",
        "topic: trajectory_msgs/JointTrajectory; action: control_msgs/FollowJointTrajectory",
        choices=("topic", "action"),
    ),
    Spec("robot.controller", "name that the controller's topic or action begins with"),
    Spec("robot.joint_states", "topic that tells where the robot stands; it is needed"),
    Spec("robot.demonstrate_on", "keys of cues upon which the robot shows how; [''] is none"),
    Spec("robot.references_dir", "folder of recorded reference movements; empty: none"),
)

REPORT = (
    Spec("report.dir", "folder for a report of each session, HTML, CSV and JSON; empty: none"),
    Spec("report.person", "pseudonym, such as P-017, to compare a person's reports; empty: none"),
)

SPECS = (
    Spec("outputs", "names of the outputs, such as screen, speech, robot; [''] is none"),
    Spec("locale", "language of cues and screen, the name of a file in the cue folder"),
    Spec("cues_dir", "folder of cue files; empty: those that are installed"),
    Spec("exercises_dir", "folder of exercise files; empty: those that are installed"),
    Spec(
        "own_exercises_dir", "folder of your own exercises, as of the assessment node; empty: none"
    ),
    Spec("image_transport", "how images arrive", choices=("raw", "compressed")),
    *POLICY,
    *SCREEN,
    *SPEECH,
    *ROBOT,
    *REPORT,
)
