// Rows of the usage routes by their number, out of millions: pages are loaded where somebody looks, and forgotten where nobody does any more.
import { address, ApiProblem, call, get, ownAddress } from "../api.js";
import { wireTime } from "../hours.js";

const PAGES_KEPT = 24;
// Rows that are read on the way sooner than it is asked where the day begins.
const FAR = 3_000;

// Without reading them: by a HEAD request.
async function countRows(path, parameters, signal) {
  let response;
  try {
    response = await call(address(path, parameters), { method: "HEAD", signal });
  } catch (failure) {
    if (failure.status > 0) {
      // A HEAD's refusal has no words: those of the GET have.
      await page(address(path, parameters), signal);
    }
    throw failure;
  }
  const rows = response.headers.get("x-row-count");
  if (rows == null) {
    await page(address(path, parameters), signal);
  }
  return Number(rows ?? 0);
}

// What is not sealed yet is a problem here, not an empty page.
async function page(url, signal) {
  const answer = await get(url, {}, { signal });
  if (answer?.error) {
    throw new ApiProblem(202, answer.error.code, answer.error.message);
  }
  return answer;
}

/**
 * Rows of one or several requests after each other, in the routes' own order (by reported time).
 *
 * Where one looks far ahead, the day in which the row was reported is found by counting; from there the pages follow each other by their
 * continuation tokens. A page that was forgotten is read again by the token that led to it.
 */
export class PagedRows {
  #parts;
  #read;
  #entries = [];
  #pages = new Map();

  /**
   * @param parts `{path, parameters, start, end, step}`: a request; its range of reported time and the granularity, in milliseconds
   * @param read makes a row of an item
   */
  constructor(parts, read) {
    this.#parts = parts;
    this.#read = read;
    this.total = 0;
    this.at = null;
  }

  /** Counts all rows; to be called first. */
  async open(signal) {
    const counts = await Promise.all(this.#parts.map(({ path, parameters }) => countRows(path, parameters, signal)));
    this.#parts.forEach((part, index) => {
      Object.assign(part, { first: this.total, count: counts[index] });
      this.#enter({ row: this.total, part, time: part.start, url: address(part.path, part.parameters) });
      this.total += counts[index];
    });
    return this;
  }

  /** Whether there is nothing more to come than `total` says. */
  get complete() {
    return true;
  }

  /** The row of a number from 0; undefined if it is not loaded. */
  row(index) {
    for (const [first, rows] of this.#pages) {
      if (index >= first && index < first + rows.length) {
        return rows[index - first];
      }
    }
    return undefined;
  }

  /** Loads what is missing of the rows from `first` to `last`; `at` is the row that it has come to, which `onProgress` may show. */
  async need(first, last, signal, onProgress) {
    try {
      for (let index = first; index <= Math.min(last, this.total - 1);) {
        const rows = this.#pageOf(index) ?? (await this.#load(index, signal, onProgress));
        if (!rows) {
          return;
        }
        index = rows.first + rows.length;
      }
    } finally {
      this.at = null;
    }
  }

  #pageOf(index) {
    for (const [first, rows] of this.#pages) {
      if (index >= first && index < first + rows.length) {
        // What was looked at last is forgotten last.
        this.#pages.delete(first);
        this.#pages.set(first, rows);
        return rows;
      }
    }
    return null;
  }

  async #load(index, signal, onProgress) {
    let entry = this.#entryBefore(index);
    if (index - entry.row > FAR) {
      entry = await this.#nearer(entry, index, signal);
    }
    for (;;) {
      const answer = await page(entry.url, signal);
      const rows = answer.value.map(this.#read);
      rows.first = entry.row;
      this.#keep(rows);
      const end = entry.row + rows.length;
      if (answer.nextLink) {
        this.#enter({ row: end, part: entry.part, url: ownAddress(answer.nextLink) });
      }
      this.at = end;
      onProgress?.();
      if (index < end || !answer.nextLink) {
        return index < end ? rows : null;
      }
      entry = this.#entryBefore(index);
    }
  }

  // Halves the reported time until the row is near.
  async #nearer(entry, index, signal) {
    const { part } = entry;
    let low = part.start;
    let high = part.end;
    while (high - low > part.step && index - this.#entryBefore(index).row > FAR) {
      const middle = low + Math.floor((high - low) / 2 / part.step) * part.step;
      const row = part.first + (await this.#countBefore(part, middle, signal));
      row <= index ? (low = middle) : (high = middle);
    }
    return this.#entryBefore(index);
  }

  async #countBefore(part, time, signal) {
    const known = this.#entries.find((entry) => entry.part === part && entry.time === time);
    if (known) {
      return known.row - part.first;
    }
    const at = wireTime(time);
    const count = await countRows(part.path, { ...part.parameters, reportedEndTime: at }, signal);
    this.#enter({ row: part.first + count, part, time, url: address(part.path, { ...part.parameters, reportedStartTime: at }) });
    return count;
  }

  #entryBefore(index) {
    return this.#entries.reduce((best, entry) => (entry.row <= index && (!best || entry.row >= best.row) ? entry : best), null);
  }

  #enter(entry) {
    if (!this.#entries.some((known) => known.row === entry.row && known.part === entry.part && known.time === entry.time)) {
      this.#entries.push(entry);
    }
  }

  #keep(rows) {
    this.#pages.set(rows.first, rows);
    if (this.#pages.size > PAGES_KEPT) {
      this.#pages.delete(this.#pages.keys().next().value);
    }
  }
}
