// What the page knows of the host. Views listen to the subjects that they draw.

export class Model {
  health = null;
  durable = null;
  live = { layers: [] };
  packages = [];
  generations = [];
  presets = [];
  history = { undo: null, redo: null };
  // When the host last answered, and whether it does now.
  answeredAt = Date.now();
  isGone = false;
  #listeners = new Map();

  on(subjects, listener) {
    for (const subject of subjects) {
      const others = this.#listeners.get(subject) ?? [];
      this.#listeners.set(subject, [...others, listener]);
    }
  }

  tell(subject) {
    for (const listener of this.#listeners.get(subject) ?? []) listener(this);
  }

  get goneMs() {
    return this.isGone ? Math.max(Date.now() - this.answeredAt, 1) : 0;
  }

  position(layerID) {
    return this.durable?.layers.findIndex((layer) => layer.id === layerID) ?? -1;
  }

  parameterLabel(packageID, name) {
    const found = this.packages.find((item) => item.id === packageID);
    return found?.parameters.find((parameter) => parameter.name === name)?.label ?? name;
  }
}
