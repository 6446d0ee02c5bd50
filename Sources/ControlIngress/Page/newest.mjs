// Sends values one after the other and only the newest of those that wait: a dragged slider does not queue up.

export class Newest {
  #send;
  #waiting = null;
  #isSending = false;

  constructor(send) {
    this.#send = send;
  }

  get isBusy() {
    return this.#isSending;
  }

  async put(value) {
    this.#waiting = { value };
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#waiting) {
        const { value: next } = this.#waiting;
        this.#waiting = null;
        await this.#send(next);
      }
    } finally {
      this.#isSending = false;
    }
  }
}

// Runs `work` again once it is over if it was asked for meanwhile, and never twice at once.
export class Repeater {
  #work;
  #isRunning = false;
  #isWanted = false;

  constructor(work) {
    this.#work = work;
  }

  async run() {
    this.#isWanted = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#work();
      }
    } finally {
      this.#isRunning = false;
    }
  }
}
