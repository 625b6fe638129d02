// What a page says without a connection: the coach has ended, or the connection is lost.

import { by, setText } from "/static/dom.js";

export function showConnected() {
  by("connection").hidden = true;
  document.body.dataset.connected = "true";
}

// ended: the coach said that it ends; session: the state in which the page saw it last, whose
// results stay readable after its end.
export function showDisconnected(ended, session, words) {
  document.body.dataset.connected = ended || session === "closed" ? "ended" : "false";
  by("connection").classList.toggle("ended", ended);
  setText("connection", (ended ? words.coach_ended : words.connection_lost) ?? "…");
  by("connection").hidden = false;
}
