// What is asked for once: catalogues and names change seldom, and every view needs them.

const caches = new Set();

/**
 * A function that answers what `load` answered before, for `ms` milliseconds; also after something was changed through this page it is asked
 * for anew. What failed is not kept.
 */
export function kept(load, ms = Infinity) {
  const cache = { answer: null, until: 0 };
  caches.add(cache);
  return () => {
    if (!cache.answer || Date.now() > cache.until) {
      const answer = load();
      Object.assign(cache, { answer, until: Date.now() + ms });
      answer.catch(() => cache.answer === answer && (cache.answer = null));
    }
    return cache.answer;
  };
}

document.addEventListener("tallygate:changed", () => caches.forEach((cache) => (cache.answer = null)));
