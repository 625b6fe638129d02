// What is stored about the person: the page over all sessions, and the deletion of everything.

import { by, setText } from "/static/dom.js";

export class PersonData {
  constructor(send) {
    this.words = {};
    this.person = "";
    by("person-delete").addEventListener("click", () => {
      if (window.confirm(`${this.person}: ${this.words.delete_confirm}`)) {
        send({ command: "delete_person", value: this.person });
      }
    });
  }

  hello({ words, commands, person, progress }) {
    this.words = words;
    this.person = person ?? "";
    by("person-data").hidden = !this.person;
    setText("person-label", `${words.report_person} ${this.person}`);
    setText("progress-open", words.history_title);
    setText("person-delete", words.delete_person);
    by("progress-open").hidden = !progress;
    by("person-delete").hidden = !commands.includes("delete_person");
  }

  setConnected(connected) {
    by("person-delete").disabled = !connected;
  }
}
