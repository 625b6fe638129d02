// Prints the judgement of each repetition and the changes of the session.

#include <memory>

#include <rclcpp/rclcpp.hpp>

#include "quality_text.hpp"

class QualityListener : public rclcpp::Node
{
public:
  QualityListener()
  : Node("quality_listener")
  {
    quality_ = create_subscription<apsa_msgs::msg::ExerciseQuality>(
      "/apsa/quality", rclcpp::QoS(100).reliable(),
      [this](apsa_msgs::msg::ExerciseQuality::ConstSharedPtr message) {
        RCLCPP_INFO(get_logger(), "%s", quality_text(*message).c_str());
      });
    // Latched: the last state arrives also if the coach was started first.
    session_ = create_subscription<apsa_msgs::msg::Session>(
      "/apsa/session", rclcpp::QoS(1).reliable().transient_local(),
      [this](apsa_msgs::msg::Session::ConstSharedPtr message) {
        RCLCPP_INFO(get_logger(), "%s", session_text(*message).c_str());
      });
  }

private:
  rclcpp::Subscription<apsa_msgs::msg::ExerciseQuality>::SharedPtr quality_;
  rclcpp::Subscription<apsa_msgs::msg::Session>::SharedPtr session_;
};

int main(int argc, char ** argv)
{
  rclcpp::init(argc, argv);
  rclcpp::spin(std::make_shared<QualityListener>());
  rclcpp::shutdown();
  return 0;
}
