// Numbers, times and sizes as an operator reads them. Pure: the time is an argument.

export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  return whole < 172800 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 86400)} days`;
}

export function age(milliseconds) {
  if (milliseconds < 5000) return "just now";
  return `${duration(Math.max(milliseconds, 10000))} ago`;
}

export function bytes(count) {
  return count < 1 << 20 ? `${(count / 1024).toFixed(0)} KiB` : `${(count / (1 << 20)).toFixed(1)} MiB`;
}

export function count(number, noun, plural = `${noun}s`) {
  return `${number} ${number === 1 ? noun : plural}`;
}

// The time of day; with the date when that is another day than today.
export function localTime(unixMs, nowMs) {
  const then = new Date(unixMs);
  const two = (number) => String(number).padStart(2, "0");
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  if (then.toDateString() === new Date(nowMs).toDateString()) return clock;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${clock}`;
}

// At most four decimals, and none that say nothing.
export function number(value) {
  return String(Math.round(value * 10000) / 10000);
}

export function value(json) {
  if (json === null || json === undefined) return "nothing";
  if (json === true) return "on";
  if (json === false) return "off";
  if (typeof json === "number") return number(json);
  if (Array.isArray(json)) return `(${json.map(value).join(", ")})`;
  if (typeof json === "object") return json.name ?? json.id ?? "…";
  const text = String(json);
  return text.length > 40 ? `“${text.slice(0, 39)}…”` : `“${text}”`;
}
