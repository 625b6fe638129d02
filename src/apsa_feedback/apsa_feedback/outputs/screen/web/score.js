// What a score means and what would make it 100: a dialog that a tap on its bar opens.

import { by, make, setText } from "/static/dom.js";

export class Score {
  constructor() {
    this.words = {};
    this.qualities = [];
    by("bars").addEventListener("click", ({ target }) => {
      const bar = target.closest("button[data-index]");
      if (bar) this.open(Number(bar.dataset.index));
    });
  }

  hello({ words }) {
    this.words = words;
    setText("score-grades", words.score_grades);
    setText("score-close", words.close);
  }

  showState({ qualities }) {
    this.qualities = qualities;
  }

  open(index) {
    const { words } = this;
    const quality = this.qualities.find((each) => each.index === index);
    if (!quality) return;
    const { score, grade, reason, why } = quality;
    const name = words[`grade_${grade}`];
    setText("score-title", score === null ? `${index}: ${name}` : `${index}: ${score} · ${name}`);
    by("score-grades").hidden = score === null;
    by("score-why").replaceChildren(...why.map((line) => make("p", "", line)));
    if (score === null) by("score-why").append(...this.unjudged(reason));
    by("score").showModal();
  }

  unjudged(reason) {
    return [make("p", "", this.words.score_none), make("p", "detail", reason)];
  }
}
