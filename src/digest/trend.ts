import { encode } from 'fast-png';
import { type FigureRow, keepRate, type Rate, spokenRate } from '../commitments/figures.ts';

/** Slack shows a picture that is twice as large sharply on any screen. */
const WIDTH = 960;
const HEIGHT = 240;
const MARGIN = 24;
const WEEKS = 12;
const OF_A_COLUMN = 0.62;
const LINE = 4;

type Colour = readonly [red: number, green: number, blue: number];
const PAPER: Colour = [255, 255, 255];
const KEPT: Colour = [31, 77, 74];
const UNKEPT: Colour = [250, 226, 209];
const UNKEPT_EDGE: Colour = [176, 84, 24];
const GROUND: Colour = [120, 132, 130];

/** Kept on time and fallen due in each of the 12 weeks that ended yesterday, oldest first. */
export const weeklyRates = (rows: readonly FigureRow[], today: Temporal.PlainDate): Rate[] =>
  Array.from({ length: WEEKS }, (_, n) => keepRate(rows, today.subtract({ days: 7 * (WEEKS - 1 - n) }), 7));

/** One week is no trend. */
export const isTrend = (weeks: readonly Rate[]): boolean => weeks.filter(({ due }) => due > 0).length > 1;

/** What the picture shows, in words, from the first week on in which anything fell due. */
export function trendSaid(weeks: readonly Rate[]): string {
  const since = weeks.slice(weeks.findIndex(({ due }) => due > 0));
  const said = since.map((rate) => spokenRate(rate) ?? 'nothing due').join('; ');
  return `Kept on time in each of the last ${since.length} weeks, oldest first: ${said}.`;
}

/**
 * A PNG with a column for each week, as high as what fell due: filled as far as it was kept on time, hollow above that.
 * A week in which nothing fell due is a dot.
 */
export function trendPicture(weeks: readonly Rate[]): Uint8Array {
  const sheet = new Sheet(WIDTH, HEIGHT);
  const ground = HEIGHT - MARGIN;
  const most = Math.max(1, ...weeks.map(({ due }) => due));
  const step = (WIDTH - 2 * MARGIN) / weeks.length;
  const heightOf = (count: number) => Math.round((count / most) * (ground - MARGIN));
  for (const [n, { kept, due }] of weeks.entries()) {
    const left = Math.round(MARGIN + n * step + (step * (1 - OF_A_COLUMN)) / 2);
    const width = Math.round(step * OF_A_COLUMN);
    if (due === 0) {
      sheet.fill(
        { left: left + Math.round(width / 2) - LINE, top: ground - 3 * LINE, width: 2 * LINE, height: 2 * LINE },
        GROUND,
      );
      continue;
    }
    const [whole, filled] = [heightOf(due), heightOf(kept)];
    if (kept < due) {
      sheet.fill({ left, top: ground - whole, width, height: whole }, UNKEPT_EDGE);
      sheet.fill(
        { left: left + LINE, top: ground - whole + LINE, width: width - 2 * LINE, height: whole - LINE },
        UNKEPT,
      );
    }
    sheet.fill({ left, top: ground - filled, width, height: filled }, KEPT);
  }
  sheet.fill({ left: MARGIN, top: ground, width: WIDTH - 2 * MARGIN, height: 2 }, GROUND);
  return sheet.png();
}

type Box = { left: number; top: number; width: number; height: number };

class Sheet {
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint8Array(width * height * 3);
    this.fill({ left: 0, top: 0, width, height }, PAPER);
  }

  fill({ left, top, width, height }: Box, colour: Colour): void {
    for (let y = Math.max(0, top); y < Math.min(this.#height, top + height); y++)
      for (let x = Math.max(0, left); x < Math.min(this.#width, left + width); x++)
        this.#pixels.set(colour, (y * this.#width + x) * 3);
  }

  png(): Uint8Array {
    return encode({ width: this.#width, height: this.#height, data: this.#pixels, channels: 3, depth: 8 });
  }
}
