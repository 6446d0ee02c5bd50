// Does work for an element once it comes into sight, one after the other, so that a long list costs what is looked at.

export function lazily() {
  const work = new WeakMap();
  const queue = [];
  let isBusy = false;

  const drain = async () => {
    if (isBusy) return;
    isBusy = true;
    while (queue.length)
      await queue
        .shift()()
        .catch(() => {});
    isBusy = false;
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      if (work.has(target)) queue.push(work.get(target));
      work.delete(target);
    }
    drain();
  });
  return (target, action) => {
    work.set(target, action);
    observer.observe(target);
  };
}
