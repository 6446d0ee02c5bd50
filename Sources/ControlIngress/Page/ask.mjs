// Requests to the host. A refusal is thrown as `Refusal`, with the host's own words.

export class Refusal extends Error {
  constructor(status, code, message, answer) {
    super(message);
    this.status = status;
    this.code = code;
    this.answer = answer;
  }
}

const patienceMs = 8000;

export async function ask(path, method = "GET", body = undefined) {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    cache: "no-store",
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const json = await answer.json();
  if (answer.ok) return json;
  const stored = json.stored === false || json.stored === null;
  throw new Refusal(
    answer.status,
    json.error?.code,
    json.error?.message ?? (stored ? "On air, but not stored yet" : `The host answered ${answer.status}`),
    json,
  );
}

export function part(name) {
  return encodeURIComponent(name);
}

export const layerPath = (id, member) => `/layers/${part(id)}/${member}`;
