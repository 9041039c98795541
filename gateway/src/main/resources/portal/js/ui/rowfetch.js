// Loads the rows that somebody looks at, one range at a time.

const PAUSE_MS = 90;

/** Loads ranges of a source; a later one ends the one before. */
export class RowFetch {
  #signal;
  #source;
  #on;
  #loading = null;
  #waiting = null;

  /**
   * @param signal ends it
   * @param source as in rows.js
   * @param on `begin()`, `progress()`, `done()`, `failed(failure, retry)`: what to do then
   */
  constructor(signal, source, on) {
    this.#signal = signal;
    this.#source = source;
    this.#on = on;
    signal.addEventListener("abort", () => clearTimeout(this.#waiting), { once: true });
  }

  /** Loads the rows from `first` to `last`, not for every row that flies by. */
  soon(first, last) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#load(first, last), PAUSE_MS);
  }

  async #load(first, last) {
    if (this.#loading && this.#loading.first <= first && this.#loading.last >= last) {
      return;
    }
    this.#loading?.abort.abort();
    const own = (this.#loading = { first, last, abort: new AbortController() });
    this.#on.begin();
    let failure = null;
    try {
      await this.#source.need(first, last, AbortSignal.any([this.#signal, own.abort.signal]), this.#on.progress);
    } catch (thrown) {
      failure = thrown;
    }
    // A later range has taken its place, or the view is left.
    if (this.#loading !== own || this.#signal.aborted) {
      return;
    }
    this.#loading = null;
    failure ? this.#on.failed(failure, () => this.#load(first, last)) : this.#on.done();
  }
}
