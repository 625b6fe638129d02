// The weekly plan: what is to be done today, offered before a start.

import { by, make } from "/static/dom.js";

const OFFERED_IN = ["idle", "preparing", "closed"];
const WRITTEN_MS = 1500; // until the report of the last set is on the disk

export class Plan {
  constructor(send) {
    this.send = send;
    this.words = {};
    this.programmes = {};
    this.due = [];
    this.state = {};
    this.offered = this.planned = false;
    this.connected = true;
    this.changes = 0;
  }

  hello({ words, programmes, commands, planned }) {
    Object.assign(this, { words, programmes, planned });
    this.offered = commands.includes("programme");
    this.load();
  }

  // The plan is asked for again when a session has ended or the therapist has changed it.
  showState(state) {
    const before = this.state;
    this.state = state;
    if (state.plan_changes !== before.plan_changes) this.load();
    else if (state.session !== before.session && OFFERED_IN.includes(state.session)) {
      setTimeout(() => this.load(), WRITTEN_MS);
    }
    this.show();
  }

  setConnected(connected) {
    this.connected = connected;
    this.show();
  }

  async load() {
    let entries = [];
    try {
      if (this.planned) ({ entries } = await (await fetch("/plan")).json());
    } catch {
      return; // the connection is lost; what was there stays
    }
    this.due = entries.filter(({ due }) => due);
    this.show();
  }

  show() {
    const { session, programme } = this.state;
    const begins = this.connected && this.offered && OFFERED_IN.includes(session);
    const ended = session !== "preparing";
    const shown = begins ? this.due.filter((each) => ended || each.programme !== programme) : [];
    by("plan-strip").replaceChildren(...shown.map((each) => this.row(each)));
    by("plan-strip").hidden = !shown.length;
    document.body.dataset.plan = String(shown.length > 0);
  }

  // Such as "For today: Knee · Days this week: 1 / 3", and the button that starts it.
  row({ programme, week }) {
    const { words, programmes } = this;
    const row = make("p");
    const title = programmes[programme] ?? programme;
    const label = make("span");
    label.append(`${words.plan_today}: `, make("strong", "", title), " ",
      make("small", "", `${words.plan_week}: ${week.done} / ${week.planned}`));
    const button = make("button", "", words.start);
    button.type = "button";
    button.setAttribute("aria-label", `${words.start}: ${title}`);
    button.addEventListener("click", () => this.send({ command: "programme", value: programme }));
    row.append(label, button);
    return row;
  }
}
