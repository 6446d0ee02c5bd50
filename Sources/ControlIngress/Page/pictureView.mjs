// The picture on air: the next one is asked for once the last one is drawn. A canvas keeps the last picture until then.

import { setText } from "./dom.mjs";

const movingMs = 200;
const calmMs = 2000;
const retryMs = 1000;
const patienceMs = 5000;

async function fetchPicture() {
  const answer = await fetch("/api/v1/preview.png", { cache: "no-store", signal: AbortSignal.timeout(patienceMs) });
  if (!answer.ok) throw new Error(`no picture: ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

function draw(canvas, picture) {
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.close();
}

export function pictureView(model) {
  const canvas = document.getElementById("preview");
  const button = document.getElementById("pause");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
  let isPaused = false;
  let timer = 0;

  const next = (delay) => {
    clearTimeout(timer);
    if (!isPaused && !document.hidden) timer = setTimeout(look, delay);
  };
  const look = async () => {
    try {
      draw(canvas, await fetchPicture());
      canvas.dataset.state = "shown";
      next(isCalm.matches ? calmMs : movingMs);
    } catch {
      canvas.dataset.state = "missing";
      next(retryMs);
    }
  };
  document.addEventListener("visibilitychange", () => next(0));
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    setText(button, isPaused ? "Play" : "Pause");
    next(0);
  });
  model.on(["health"], () => {
    const video = model.health?.video;
    if (!video) return;
    const dropped = video.dropped ? `, ${video.dropped} dropped` : "";
    setText(
      document.getElementById("frames"),
      `${video.completed} frames on time, ${video.displayedLate} late${dropped}`,
    );
  });
  look();
}
