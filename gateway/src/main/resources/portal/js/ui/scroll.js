// Where one is in rows of equal height, of which there may be more than a page can be high.

/** The height of a row, in pixels. */
export const ROW = 40;
// Browsers draw no element that is much higher: what is more is scrolled in proportion.
const HIGHEST = 8_000_000;

/** The position of a box in its rows: `top`, in pixels of all rows below each other. */
export class Scroll {
  #box;
  #head;
  #rows;
  #expected = 0;

  /**
   * @param box what scrolls
   * @param head what stands above the rows in it
   * @param rows says how many rows there are
   */
  constructor(box, head, rows) {
    this.#box = box;
    this.#head = head;
    this.#rows = rows;
    this.top = 0;
  }

  /** How high the part in sight is. */
  get view() {
    return Math.max(ROW, this.#box.clientHeight - this.#head.offsetHeight);
  }

  /** How high what is scrolled has to be. */
  get height() {
    return Math.min(HIGHEST, this.#rows() * ROW);
  }

  /** Whether a pixel of scrolling is more than one of the rows. */
  get inProportion() {
    return this.#ratio > 1;
  }

  /** The numbers of the first and the last row in sight. */
  get range() {
    return [Math.floor(this.top / ROW), Math.min(this.#rows() - 1, Math.ceil((this.top + this.view) / ROW))];
  }

  /** Scrolls to a position. */
  to(position) {
    this.top = Math.min(this.#farthest, Math.max(0, position));
    this.#expected = this.top / this.#ratio;
    this.#box.scrollTop = this.#expected;
  }

  /** Scrolls as far as it takes to have a row in sight. */
  reveal(index) {
    const [above, below] = [index * ROW, (index + 1) * ROW - this.view];
    this.to(this.top > above ? above : this.top < below ? below : this.top);
  }

  /** Takes over where the box was scrolled to. */
  follow() {
    // Our own scrolling comes back rounded.
    if (Math.abs(this.#box.scrollTop - this.#expected) > 1) {
      this.#expected = this.#box.scrollTop;
      this.top = Math.min(this.#farthest, this.#expected * this.#ratio);
    }
  }

  get #farthest() {
    return Math.max(0, this.#rows() * ROW - this.view);
  }

  get #ratio() {
    return this.#rows() * ROW > HIGHEST ? this.#farthest / (HIGHEST - this.view) : 1;
  }
}
