// The weekly plan of the person: which programme on how many days of a week, and how it was kept.

import { by, fill, make, setText } from "/static/dom.js";
import { percent } from "/static/values.js";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86400000;
const COMMANDS = ["set_plan", "remove_plan"];

export class WeeklyPlan {
  constructor(send) {
    this.send = send;
    this.words = {};
    this.programmes = {};
    this.names = [];
    this.planned = false;
    this.session = "";
    by("plan-set").addEventListener("click", () => this.set());
    for (const name of WEEKDAYS) by("plan-weekdays").append(this.box(name));
  }

  // A box for a weekday; chosen ones replace the number of days.
  box(name) {
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.value = name;
    box.addEventListener("change", () => this.count());
    label.append(box, make("span"));
    return label;
  }

  hello({ words, programmes, commands, locale, planned }) {
    Object.assign(this, { words, programmes, planned });
    document.querySelector(".plan").hidden = !planned || !commands.includes("set_plan");
    const { format } = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
    this.names = WEEKDAYS.map((_, index) => format(MONDAY + index * DAY_MS));
    [...by("plan-weekdays").querySelectorAll("span")].forEach((span, index) => {
      span.textContent = this.names[index];
    });
    setText("plan-title", words.plan_title);
    setText("plan-programme-label", words.programme);
    setText("plan-per-week-label", words.plan_per_week);
    setText("plan-weekdays-label", words.therapist_plan_weekdays);
    setText("plan-start-label", words.therapist_plan_start);
    setText("plan-weeks-label", words.therapist_plan_weeks);
    setText("plan-set", words.therapist_plan_set);
    setText("plan-hint", words.therapist_plan_hint);
    const chosen = by("plan-programme").value;
    fill(by("plan-programme"), programmes);
    if (chosen in programmes) by("plan-programme").value = chosen;
    if (!by("plan-start").value) by("plan-start").value = localDay(new Date());
    this.load();
  }

  // What was done counts when its report is there.
  showState({ session }) {
    if (session !== this.session && session === "closed") setTimeout(() => this.load(), 1500);
    this.session = session;
    this.count();
  }

  showAnswer({ command, success }) {
    if (COMMANDS.includes(command) && success) this.load();
  }

  chosen() {
    return [...by("plan-weekdays").querySelectorAll(":checked")].map(({ value }) => value);
  }

  count() {
    const days = this.chosen();
    by("plan-per-week").disabled = days.length > 0;
    if (days.length) by("plan-per-week").value = days.length;
  }

  set() {
    const fields = ["plan-per-week", "plan-start", "plan-weeks"].map(by);
    const wrong = fields.find((field) => !field.reportValidity());
    if (wrong || !by("plan-programme").value) {
      wrong?.focus();
      return;
    }
    const days = this.chosen();
    const value = {
      programme: by("plan-programme").value,
      ...(days.length ? { days } : { days_per_week: by("plan-per-week").valueAsNumber }),
      start: by("plan-start").value,
      weeks: by("plan-weeks").valueAsNumber,
    };
    this.send({ command: "set_plan", value });
  }

  async load() {
    if (!this.planned) return;
    let plan;
    try {
      plan = await (await fetch("/plan")).json();
    } catch {
      return; // the connection is lost; what was there stays
    }
    setText("plan-problem", plan.problem);
    const rows = plan.entries.map((entry) => this.row(entry));
    const none = make("p", "hint", plan.problem ? "" : this.words.therapist_plan_none);
    by("plan-entries").replaceChildren(...(rows.length ? rows : [none]));
  }

  row({ programme, start, end, per_week, weekdays, week, kept }) {
    const { words, programmes } = this;
    const title = programmes[programme] ?? programme;
    const names = weekdays.length ? ` (${weekdays.map((day) => this.names[day]).join(", ")})` : "";
    const whole = (day) => day.replaceAll("-", "\u2011"); // no line ends within it
    const lines = [`${whole(start)} – ${whole(end)}`, `${words.plan_per_week}: ${per_week}${names}`];
    if (week) {
      lines.push(`${words.plan_week}: ${week.done} / ${week.planned}`);
      if (week.partly) lines.push(`${words.plan_partly}: ${week.partly}`);
    }
    if (kept !== null) lines.push(`${words.plan_kept}: ${percent(kept)}`);
    const row = make("div", "entry");
    const remove = make("button", "", words.therapist_plan_remove);
    remove.type = "button";
    remove.setAttribute("aria-label", `${words.therapist_plan_remove}: ${title}, ${start}`);
    remove.addEventListener("click", () => {
      if (window.confirm(`${title}, ${start}: ${words.therapist_plan_confirm}`)) {
        this.send({ command: "remove_plan", value: { programme, start } });
      }
    });
    const text = make("div");
    text.append(make("strong", "", title), ...lines.map((line) => make("p", "hint", line)));
    row.append(text, remove);
    return row;
  }
}

// The day of this device as YYYY-MM-DD.
function localDay(now) {
  const two = (value) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
