// Keeps the model in line with the host: events say what to read again, and a look a second finds what they missed.

import { ask } from "./ask.mjs";
import { Repeater } from "./newest.mjs";

const lookMs = 1000;
const slowLookMs = 5000;
// A host that starts again is away for less than this without a word on the page.
const goneAfterMs = 1500;

const readers = {
  health: async (model) => {
    model.health = await ask("/health");
  },
  show: async (model) => {
    [model.durable, model.live] = await Promise.all([ask("/state?view=durable"), ask("/state?view=live")]);
  },
  packages: async (model) => {
    model.packages = (await ask("/packages")).packages;
  },
  generations: async (model) => {
    model.generations = (await ask("/generations")).generations;
    model.tell("generations");
    model.history = await ask("/history");
  },
  presets: async (model) => {
    model.presets = (await ask("/presets")).presets;
  },
};

const subjectsOf = {
  "runtime.mutated": ["show"],
  "runtime.settled": ["show"],
  "persistence.requested": ["health"],
  "persistence.stored": ["health", "generations"],
  "persistence.failed": ["health"],
  "persistence.recovered": ["health", "generations"],
  "stream.dropped": Object.keys(readers),
};

export class Feed {
  #model;
  #repeaters = new Map();
  #source = null;
  #startedAt = null;

  constructor(model) {
    this.#model = model;
    for (const [subject, read] of Object.entries(readers)) {
      this.#repeaters.set(subject, new Repeater(() => this.#read(subject, read)));
    }
  }

  start() {
    this.refresh(...Object.keys(readers));
    this.#listen();
    setInterval(() => this.#look(), lookMs);
    setInterval(() => this.refresh("generations", "presets"), slowLookMs);
  }

  // Without a stream, such as when other pages have taken them all, the show is read again each second.
  #look() {
    const isTold = this.#source?.readyState === EventSource.OPEN;
    this.refresh("health", ...(isTold ? [] : ["show", "generations"]));
  }

  refresh(...subjects) {
    return Promise.all(subjects.map((subject) => this.#repeaters.get(subject).run()));
  }

  async #read(subject, read) {
    const model = this.#model;
    try {
      await read(model);
      model.answeredAt = Date.now();
      const wasGone = model.isGone;
      model.isGone = false;
      if (subject === "health") this.#noteHost(wasGone);
      model.tell(subject);
    } catch (error) {
      // A refusal is an answer: only silence means that the host is gone.
      if (!error.status && Date.now() - model.answeredAt > goneAfterMs) model.isGone = true;
      if (model.isGone || subject === "health") model.tell("health");
    }
  }

  // Another start of the host may have another show: everything is read again.
  #noteHost(wasGone) {
    const { startedAt } = this.#model.health;
    const isOther = this.#startedAt !== null && startedAt !== this.#startedAt;
    this.#startedAt = startedAt;
    if (isOther || wasGone) this.#reload();
  }

  #reload() {
    this.refresh("show", "packages", "generations", "presets");
    if (this.#source?.readyState === EventSource.CLOSED) this.#listen();
  }

  #listen() {
    this.#source?.close();
    const source = new EventSource("/api/v1/events");
    this.#source = source;
    // Also after a reconnection: what happened in between is in no event.
    source.addEventListener("open", () => this.refresh(...Object.keys(readers)));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#source === source && this.#listen(), 2000);
    });
    for (const [event, subjects] of Object.entries(subjectsOf)) {
      source.addEventListener(event, () => this.refresh(...subjects));
    }
  }
}
