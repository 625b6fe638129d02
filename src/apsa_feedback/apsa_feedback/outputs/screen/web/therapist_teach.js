// A new exercise from what the person shows.

import { by, setText } from "/static/dom.js";

const UNDER_WAY = ["running", "paused", "resting", "preparing"];

export class Teach {
  constructor(send) {
    this.send = send;
    by("teach-next").addEventListener("click", () => this.record(by("teach-count").valueAsNumber));
    by("teach-past").addEventListener("click", () => this.record(0));
  }

  hello({ words, commands }) {
    setText("teach-title", words.therapist_teach);
    setText("teach-hint", words.therapist_teach_hint);
    setText("teach-name-label", words.therapist_name);
    setText("teach-text-label", words.therapist_exercise_title);
    setText("teach-count-label", words.therapist_count);
    setText("teach-next", words.therapist_record);
    setText("teach-past", words.therapist_past);
    document.querySelector(".teach").hidden = !commands.includes("record_reference");
  }

  record(repetitions) {
    const name = by("teach-name");
    if (!name.value || !name.reportValidity() || !by("teach-count").reportValidity()) {
      name.focus();
      return;
    }
    const value = { name: name.value, title: by("teach-text").value.trim(), repetitions };
    this.send({ command: "record_reference", value });
  }

  showState({ session }) {
    const runs = UNDER_WAY.includes(session);
    for (const id of ["teach-next", "teach-past"]) by(id).disabled = !runs;
  }

  showAnswer() {}
}
