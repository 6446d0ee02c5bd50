// What an operator should know besides the light: each notice has a key, a title, lines and perhaps an action. Pure.

function loss(found) {
  return {
    key: "loss",
    title: "The last start could not bring everything back",
    lines: [
      ...found.lost.map((text) => `Lost: ${text}`),
      ...found.files.map((file) => `Look in: ${file}`),
      `Type: ${found.command}`,
    ],
    action: "acknowledge",
  };
}

function recovery(recovered) {
  return {
    key: "recovered",
    title: `The show was recovered from ${recovered.from} (${recovered.rung})`,
    lines: recovered.lost.map((text) => `Lost: ${text}`),
    action: "hide",
  };
}

export function notices(health) {
  const { persistence, loss: found } = health;
  if (!persistence) return [];
  const list = [];
  if (found) list.push(loss(found));
  else if (persistence.recoveredFrom) list.push(recovery(persistence.recoveredFrom));
  const second = persistence.failover;
  if (second) {
    list.push({
      key: "failover",
      title: `The show is stored in the second folder, ${second.folder}`,
      lines: [second.cause.message, second.cause.remedy].filter(Boolean),
    });
  }
  if (persistence.walAlarm) {
    const holders = persistence.walPinnedBy;
    list.push({
      key: "log",
      title: "The database's log grows and cannot be emptied",
      lines: holders.length
        ? [`Held by ${holders.join(", ")}. End that program's read, and the log shrinks.`]
        : ["A program holds a read open. Close sqlite3 shells and backups of state.db."],
    });
  }
  const trouble = persistence.storeTrouble;
  if (trouble && !persistence.lastError) {
    list.push({ key: "trouble", title: trouble.message, lines: [trouble.remedy].filter(Boolean) });
  }
  if (persistence.ring?.suspect > 0) {
    list.push({
      key: "suspect",
      title: "The host crashed on a generation of the list below",
      lines: ["It is marked “suspect”. Roll back to a proven one if the crash comes again."],
    });
  }
  return list;
}

// Places of the show with a fault: a map from a path such as `layers.plasma.parameters.mix` to the problem.
export function faults(health) {
  const found = new Map();
  for (const { path, problem } of health?.valuesOutOfRange ?? []) found.set(path, problem);
  for (const { path, problem } of health?.persistence?.heldBack ?? []) {
    found.set(path, `Not stored: ${problem}`);
  }
  return found;
}
