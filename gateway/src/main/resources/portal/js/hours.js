// Arithmetic with whole UTC hours and days.

/** Milliseconds of an hour. */
export const HOUR = 3_600_000;
/** And of a day. */
export const DAY = 24 * HOUR;

/** A time as the API takes it: to the second, in UTC. */
export const wireTime = (time) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** The day of a time, as 2026-11-20. */
export const wireDay = (time) => new Date(time).toISOString().slice(0, 10);

/** The hour that a time lies in, in milliseconds. */
export const floorHour = (time) => Math.floor(new Date(time).getTime() / HOUR) * HOUR;

/** The day that a time lies in, in milliseconds. */
export const floorDay = (time) => Math.floor(new Date(time).getTime() / DAY) * DAY;

/** Usage of an hour is posted after its end, and counted when the window that it joined is sealed. */
export const ON_ITS_WAY_HOURS = 2;

/** Until when usage is all there where windows are sealed through a time, as a rule, in milliseconds: what was used after that may still be on its way. */
export const completeUntil = (sealedThrough) => floorHour(sealedThrough) - ON_ITS_WAY_HOURS * HOUR;

/** Each whole hour from one time until before another, in milliseconds. */
export function hoursBetween(from, to) {
  const hours = [];
  for (let hour = floorHour(from); hour < new Date(to).getTime(); hour += HOUR) {
    hours.push(hour);
  }
  return hours;
}

/** Whether a time begins and ends with a day. */
export const isDays = ({ start, end }) => start % DAY === 0 && end % DAY === 0;
