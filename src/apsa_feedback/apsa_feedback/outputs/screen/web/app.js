// The patient's page: shows the messages of the coach.

import { showConnected, showDisconnected } from "/static/connection.js";
import { Controls } from "/static/controls.js";
import { Course } from "/static/course.js";
import { Display } from "/static/display.js";
import { Live } from "/static/live.js";
import { Mirror } from "/static/mirror.js";
import { Panel } from "/static/panel.js";
import { PersonData } from "/static/person.js";
import { Plan } from "/static/plan.js";
import { Rating } from "/static/rating.js";
import { Refusals } from "/static/refusals.js";
import { Score } from "/static/score.js";
import { Settings } from "/static/settings.js";
import { Speech } from "/static/speech.js";
import { Stage } from "/static/stage.js";

const canvas = document.getElementById("stage");
const stage = new Stage(canvas);
const live = new Live("/live", { onOpen, onText, onFrame, onClose });
const send = (message) => live.send(message);
const settings = new Settings(send);
const panel = new Panel();
const controls = new Controls(send);
const course = new Course();
const score = new Score();
const rating = new Rating(send);
const personData = new PersonData(send);
const refusals = new Refusals();
const plan = new Plan(send);
const speech = new Speech();
const display = new Display();
const mirror = new Mirror(stage);
const placeholder = document.getElementById("placeholder");

// A tap selects the person; another tap on the same one lets the coach choose again.
canvas.addEventListener("click", ({ clientX, clientY }) => {
  const id = panel.commands.includes("person") ? stage.personAt(clientX, clientY) : 0;
  if (id) send({ command: "person", value: String(id === stage.selected ? 0 : id) });
});

function onClose(ended) {
  showDisconnected(ended, panel.state.session, panel.words);
  setConnected(false);
}

function setConnected(connected) {
  controls.setConnected(connected);
  rating.setConnected(connected);
  personData.setConnected(connected);
  plan.setConnected(connected);
  settings.setConnected(connected);
}

function onOpen() {
  showConnected();
  setConnected(true);
}

function onText(message) {
  if (message.type === "hello") {
    settings.hello(message);
    panel.hello(message);
    controls.hello(message);
    course.hello(message);
    rating.hello(message);
    score.hello(message);
    personData.hello(message);
    plan.hello(message);
    refusals.hello(message);
    speech.hello(message);
    display.hello(message);
    mirror.hello(message);
    stage.bones = message.bones;
  } else if (message.type === "state") {
    panel.showState(message);
    controls.showState(message);
    course.showState(message);
    rating.showState(message);
    plan.showState(message);
    score.showState(message);
    speech.showState(message);
    display.showState(message);
    placeholder.hidden ||= message.frames === false;
    stage.select(message.selected);
    settings.showState(message);
    refusals.showState(message);
  } else if (message.type === "answer") {
    refusals.showAnswer(message);
    if (!message.success) settings.restore();
  }
}

function onFrame(frame, picture) {
  mirror.showFrame(frame);
  stage.show(frame, picture);
  panel.showFrame(frame);
  course.showDarkness(!frame.people.length && picture !== null && isDark(picture));
  placeholder.hidden = true;
  document.body.dataset.stamp = frame.stamp;
}

// Mean brightness below a tenth: no pose model finds anybody there.
const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function isDark(picture) {
  probe.drawImage(picture, 0, 0, 16, 9);
  const { data } = probe.getImageData(0, 0, 16, 9);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / (data.length * 0.75 * 255) < 0.1;
}

live.connect();
