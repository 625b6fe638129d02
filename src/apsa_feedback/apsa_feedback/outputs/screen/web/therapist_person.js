// Whose session it is: choosing a person, their range, their progress, and the deletion.

import { by, fill, setText } from "/static/dom.js";

const ENDED = ["idle", "closed"];

export class Person {
  constructor(send) {
    this.words = {};
    this.person = "";
    this.commands = [];
    by("person-choose").addEventListener("click", () => {
      const value = by("person-new").value.trim() || by("people").value;
      send({ command: "choose_person", value });
    });
    by("people").addEventListener("change", () => (by("person-new").value = ""));
    by("range-assess").addEventListener("click", () => send({ command: "assess_range" }));
    by("person-delete").addEventListener("click", () => {
      if (window.confirm(`${this.person}: ${this.words.delete_confirm}`)) {
        send({ command: "delete_person", value: this.person });
      }
    });
  }

  hello({ words, commands, person, people, progress, stored }) {
    Object.assign(this, { words, commands, person });
    setText("person-title", words.therapist_known);
    setText("person-name", person || words.therapist_nobody);
    setText("people-label", words.therapist_people);
    setText("person-new-label", words.therapist_new);
    setText("person-choose", words.therapist_choose);
    setText("range-assess", words.therapist_range);
    setText("progress-open", words.history_title);
    setText("person-delete", words.delete_person);
    setText("range-hint", stored ? words.therapist_range_hint
      : `${words.therapist_range_hint} ${words.therapist_no_reports}`);
    by("person-choose").hidden = !commands.includes("choose_person");
    by("range-assess").hidden = !person || !commands.includes("assess_range");
    by("progress-open").hidden = !progress;
    by("person-delete").hidden = !person || !commands.includes("delete_person");
    this.showPeople(people);
  }

  showPeople(people) {
    const names = [...new Set([...people, this.person])].filter(Boolean).sort();
    fill(by("people"), { "": this.words.therapist_nobody, ...Object.fromEntries(names.map((name) => [name, name])) });
    by("people").value = this.person;
  }

  // What is under way belongs to the person before.
  showState({ session }) {
    const ended = ENDED.includes(session);
    for (const id of ["people", "person-new", "person-choose"]) by(id).disabled = !ended;
    setText("person-hint", ended ? "" : this.words.therapist_stop_first);
  }

  showAnswer({ command, success }) {
    if (command === "choose_person" && success) by("person-new").value = "";
  }
}
