// The connection to the coach: hello, state and frames; reconnects until it succeeds.

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const GOING_AWAY = 1001; // code with which the coach closes when it ends (RFC 6455, 7.4.1)

export class Live {
  // Handlers: onOpen() before each hello, onText(message), onFrame(frame, picture), and
  // onClose(ended) after each loss and attempt; ended: the coach has ended as intended.
  constructor(path, handlers) {
    this.path = path;
    this.handlers = handlers;
    this.socket = null;
    this.wait = FIRST_WAIT_MS;
    this.ended = false;
    this.newest = null;
    this.drawing = false;
  }

  send(message) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}${this.path}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.onText(JSON.parse(data));
      else this.onFrame(data);
    };
    this.socket.onclose = ({ code }) => {
      this.ended ||= code === GOING_AWAY;
      this.handlers.onClose(this.ended);
      setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    };
  }

  onText(message) {
    if (message.type === "hello") {
      this.wait = FIRST_WAIT_MS;
      this.ended = false;
      this.handlers.onOpen();
    }
    this.handlers.onText(message);
  }

  onFrame(data) {
    this.newest = data;
    if (!this.drawing) this.drawNewest();
  }

  // Of the frames that arrive while one is being decoded only the newest is drawn.
  async drawNewest() {
    this.drawing = true;
    try {
      await this.drawPending();
    } finally {
      this.drawing = false; // a frame that cannot be drawn hides none of those that follow
    }
  }

  async drawPending() {
    while (this.newest) {
      const data = this.newest;
      this.newest = null;
      const length = new DataView(data).getUint32(0);
      const frame = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
      const jpeg = new Uint8Array(data, 4 + length);
      this.handlers.onFrame(frame, jpeg.length ? await decode(jpeg) : null);
    }
  }
}

async function decode(jpeg) {
  try {
    return await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
  } catch {
    return null;
  }
}
