// The therapist's view: what the coach measures and applies, and everything that can be asked of it.

import { showConnected, showDisconnected } from "/static/connection.js";
import { Controls } from "/static/controls.js";
import { by, fill, fillGrouped, fillMistakes, setText } from "/static/dom.js";
import { Live } from "/static/live.js";
import { Stage } from "/static/stage.js";
import { Limits } from "/static/therapist_limits.js";
import { Measures } from "/static/therapist_measures.js";
import { Person } from "/static/therapist_person.js";
import { WeeklyPlan } from "/static/therapist_plan.js";
import { Repetitions } from "/static/therapist_repetitions.js";
import { Targets } from "/static/therapist_targets.js";
import { Teach } from "/static/therapist_teach.js";
import { writeAs } from "/static/values.js";

const ANSWER_MS = 8000;
const CHOICES = ["exercise", "programme", "language"];

const live = new Live("/live?view=therapist", { onOpen, onText, onFrame, onClose });
const send = (message) => live.send(message);
const stage = new Stage(by("stage"));
const controls = new Controls(send);
const measures = new Measures();
const repetitions = new Repetitions();
const limits = new Limits(send);
const parts = [limits, new Targets(send), new Person(send), new WeeklyPlan(send), new Teach(send)];
let words = {};
let commands = [];
let order = [];
let state = {};
let hiding = 0;
let choices = "";

for (const name of CHOICES) {
  control(name).addEventListener("change", ({ target }) => {
    if (target.value) send({ command: name, value: target.value });
  });
  control(name).addEventListener("focus", showFiles); // one may have been corrected
}

by("stage").addEventListener("click", ({ clientX, clientY }) => {
  const id = commands.includes("person") ? stage.personAt(clientX, clientY) : 0;
  if (id) send({ command: "person", value: String(id === stage.selected ? 0 : id) });
});

function control(name) {
  return by(`${name}-choice`).querySelector("select");
}

function onOpen() {
  showConnected();
  setConnected(true);
}

function onClose(ended) {
  showDisconnected(ended, state.session, words);
  setConnected(false);
}

function setConnected(connected) {
  controls.setConnected(connected);
  for (const element of document.querySelectorAll("main :is(button, input, select)")) {
    element.disabled = !connected;
  }
  if (connected) parts.forEach((part) => part.showState(state));
}

async function onText(message) {
  if (message.type === "hello") await onHello(message);
  else if (message.type === "state") onState(message);
  else if (message.type === "therapist") onTherapist(message);
  else if (message.type === "answer") onAnswer(message);
}

async function onHello(message) {
  stage.bones = message.bones;
  const info = await information();
  ({ commands, group_order: order } = message);
  words = { ...message.words, ...info.words };
  document.documentElement.lang = message.locale;
  writeAs(words);
  document.title = words.therapists_view;
  by("answer").hidden = true; // it is in the language before
  setText("patient-open", words.therapist_patient);
  setText("placeholder", words.no_picture);
  fillChoices({ ...message, groups: info.groups });
  fill(control("language"), message.languages);
  control("language").value = message.locale;
  for (const name of CHOICES) {
    by(`${name}-choice`).querySelector("span").textContent = words[name];
    by(`${name}-choice`).hidden = !commands.includes(name);
  }
  fillMistakes(by("mistakes"), info.mistakes);
  const full = { ...message, ...info, words };
  controls.hello(full);
  measures.hello(full);
  repetitions.hello(full);
  parts.forEach((part) => part.hello(full));
  if (commands.includes("targets")) send({ command: "targets" });
  if (state.session) onState(state);
  document.body.dataset.ready = message.locale;
}

// The words of this view and the known people; without them the page stays as it is.
async function information() {
  try {
    const answer = await fetch("/therapist/info");
    if (answer.ok) return await answer.json();
  } catch {
    // The connection is lost; the next hello asks again.
  }
  return { words: {}, people: [], groups: {}, stored: false, mistakes: null };
}

function onState(message) {
  const ended = message.session === "closed" && state.session !== "closed";
  state = message;
  document.body.dataset.session = state.session;
  setText("exercise", state.exercise || words.no_exercise);
  setText("session", words[`state_${state.session}`] ?? "");
  setText("note", state.note);
  const { hold } = state;
  setText("count", hold ? `${hold.seconds} s` : String(state.count));
  const target = hold ? hold.target : state.target;
  setText("count-target", target ? ` / ${target}` : "");
  setText("cue-text", state.cue?.text ?? "");
  control("exercise").value = state.exercise_name;
  control("programme").value = state.programme;
  if (state.session !== "running") setText("phase", "");
  stage.select(state.selected);
  controls.showState(state);
  parts.forEach((part) => part.showState(state));
  if (ended) renew();
}

function onTherapist(message) {
  measures.showLimits(message);
  limits.showLimits(message);
  repetitions.show(message);
  setText("detail", message.detail);
  by("detail").lang = message.detail_locale; // English where there is no translation
}

function onFrame(frame, picture) {
  stage.flip(frame.mirrored); // people are seen as by somebody who faces them
  stage.show(frame, picture);
  by("placeholder").hidden = true;
  const moving = frame.people.length && state.session === "running";
  // "Hold" is what the patient reads; here the phase has its name.
  const phase = frame.phase === "peak" ? words.report_peak : words[`phase_${frame.phase}`];
  setText("phase", moving ? phase ?? "" : "");
  measures.showFrame(frame);
  document.body.dataset.stamp = frame.stamp;
}

function onAnswer({ command, success, reason, detail, detail_locale, values }) {
  parts.forEach((part) => part.showAnswer({ command, success, values }));
  if (command === "delete_person" && success) renew();
  if (command === "targets") return;
  const answer = by("answer");
  answer.hidden = false;
  answer.dataset.success = String(success);
  setText("answer-text", success ? `✓ ${words.therapist_done}` : `✕ ${reason}`);
  setText("answer-detail", detail);
  by("answer-detail").lang = detail_locale;
  clearTimeout(hiding);
  hiding = setTimeout(() => (answer.hidden = true), ANSWER_MS);
}

async function showFiles() {
  const locale = document.documentElement.lang;
  const info = await information();
  if (locale !== document.documentElement.lang) return; // the hello of another language has filled them
  fillMistakes(by("mistakes"), info.mistakes);
  if (info.exercises) fillChoices({ ...info, locale });
}

// An open list would close when it is filled again.
function fillChoices({ exercises, programmes, groups, locale }) {
  const filled = JSON.stringify([locale, exercises, programmes]);
  if (filled === choices) return;
  choices = filled;
  const headings = { groups, order, words, locale };
  fillGrouped(control("exercise"), { "": words.no_exercise }, exercises, headings);
  fill(control("programme"), { "": "–", ...programmes });
  if (!state.session) return;
  control("exercise").value = state.exercise_name;
  control("programme").value = state.programme;
}

// People may have got reports, or lost them.
async function renew() {
  const { people } = await information();
  parts.forEach((part) => part.showPeople?.(people));
}

live.connect();
