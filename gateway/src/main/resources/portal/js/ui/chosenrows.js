// Rows of a source that fit a filter, or sorted: what the routes do not do themselves.

/**
 * The rows of a source that fit a filter, in its order or sorted: found by reading on, only as far as somebody looks. Sorting is of the
 * first `limit` that fit.
 */
export class ChosenRows {
  #source;
  #fits;
  #compare;
  #limit;
  #rows = [];
  #shown = [];
  #reading = null;

  /** `compare` is null for the source's order. */
  constructor(source, { fits = () => true, compare = null, limit = 20_000 }) {
    this.#source = source;
    this.#fits = fits;
    this.#compare = compare;
    this.#limit = limit;
    this.read = 0;
    this.stopped = false;
  }

  async open(signal) {
    await this.#source.open(signal);
    return this;
  }

  /** How many rows the source has. */
  get of() {
    return this.#source.total;
  }

  /** Whether all rows of the source were read. */
  get complete() {
    return this.read >= this.of;
  }

  /** Whether it stopped at its limit. */
  get full() {
    return !this.complete && this.#rows.length >= this.#limit;
  }

  /** How many rows fit, as far as is known. */
  get total() {
    return this.#shown.length;
  }

  /** Reads no further until `goOn`; what was read is there. */
  stop() {
    this.stopped = true;
  }

  /** Reads on after `stop`. */
  goOn() {
    this.stopped = false;
  }

  row(index) {
    return this.#shown[index];
  }

  /** Reads on until the rows through `last` are known; to be sorted, until all are. `onProgress` hears of each page. */
  async need(first, last, signal, onProgress) {
    // One after the other: two readers would take the same pages.
    while (this.#reading) {
      await this.#reading.catch(() => {});
    }
    this.#reading = this.#readOn(this.#compare ? Infinity : last, signal, onProgress);
    try {
      await this.#reading;
    } finally {
      this.#reading = null;
    }
  }

  async #readOn(last, signal, onProgress) {
    while (!this.complete && !this.full && !this.stopped && this.#rows.length <= last) {
      signal.throwIfAborted();
      await this.#source.need(this.read, this.read, signal);
      const before = this.read;
      for (let row; (row = this.#source.row(this.read)) !== undefined; this.read++) {
        this.#fits(row) && this.#rows.push(row);
      }
      if (this.read === before) {
        return;
      }
      this.#shown = this.#compare ? [] : this.#rows;
      onProgress?.();
    }
    this.#shown = this.#compare ? [...this.#rows].sort(this.#compare) : this.#rows;
  }
}
