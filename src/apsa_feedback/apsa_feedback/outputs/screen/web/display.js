// The display of the viewer: kept on during a session, and the page over all of it.

import { by } from "/static/dom.js";

const AWAKE = ["running", "resting", "preparing", "calibrating", "paused"];

export class Display {
  constructor() {
    this.wanted = false;
    this.lock = null;
    this.asking = false;
    by("full-screen").addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
    });
    // A browser lets go of the display when its page is hidden.
    document.addEventListener("visibilitychange", () => this.keep());
  }

  hello({ words }) {
    const button = by("full-screen");
    button.hidden = !document.fullscreenEnabled;
    button.title = words.full_screen;
    button.setAttribute("aria-label", words.full_screen);
  }

  showState({ session }) {
    this.wanted = AWAKE.includes(session);
    this.keep();
  }

  async keep() {
    if (!navigator.wakeLock || this.asking) return; // there is none without https or localhost
    this.asking = true;
    const { wanted } = this;
    try {
      if (!wanted) {
        await this.lock?.release();
        this.lock = null;
      } else if (document.visibilityState === "visible" && (this.lock?.released ?? true)) {
        this.lock = await navigator.wakeLock.request("screen");
      }
    } catch {
      // Refused, such as by a low battery; the next change of the session asks again.
    }
    this.asking = false;
    document.body.dataset.awake = String(Boolean(this.lock && !this.lock.released));
    if (wanted !== this.wanted) this.keep();
  }
}
