#pragma once

#include <sstream>
#include <string>

#include <apsa_msgs/msg/exercise_quality.hpp>
#include <apsa_msgs/msg/session.hpp>

/// One line about a repetition. The score is NaN where it was not judged, so look at the grade first.
inline std::string quality_text(const apsa_msgs::msg::ExerciseQuality & quality)
{
  using apsa_msgs::msg::ExerciseQuality;
  std::ostringstream line;
  line << quality.exercise << ", repetition " << quality.repetition << ": ";
  switch (quality.grade) {
    case ExerciseQuality::GOOD: line << "good"; break;
    case ExerciseQuality::FAIR: line << "fair"; break;
    case ExerciseQuality::POOR: line << "poor"; break;
    default:
      line << "not judged: " << quality.reason;
      return line.str();
  }
  line << ", score " << quality.score << " by " << quality.model_name;
  return line.str();
}

/// One line about the last change of the session.
inline std::string session_text(const apsa_msgs::msg::Session & session)
{
  std::ostringstream line;
  line << session.exercise << ", " << session.repetitions << " repetitions, "
       << session.repetitions_good << " good";
  if (!session.message.empty()) {
    line << ": " << session.message;
  }
  return line.str();
}
