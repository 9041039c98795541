// Numbers and times as people read them. Quantities are decimal texts of up to 38 digits: they are never made floating
// point numbers, except for the height of a bar.
import { locale } from "./texts.js";

const count = new Intl.NumberFormat(locale);
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });
const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat(locale, { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const hour = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const moment = new Intl.DateTimeFormat(locale, { timeZone: "UTC", dateStyle: "medium", timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

const separators = Object.fromEntries(new Intl.NumberFormat(locale, { useGrouping: "always" }).formatToParts(1234567.5).map(({ type, value }) => [type, value]));

/** A count, grouped. */
export const formatCount = (n) => count.format(n);

/** A decimal text, exact, with its thousands grouped. */
export function formatExact(text) {
  const [whole, fraction] = plain(text).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, separators.group);
  return fraction ? `${grouped}${separators.decimal}${fraction}` : grouped;
}

/** A decimal text for reading: four significant places of a fraction at most. Its exact value belongs into a title. */
export function formatQuantity(text) {
  const value = Number(text);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return count.format(value);
  }
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 2 : 4;
  return new Intl.NumberFormat(locale, Math.abs(value) < 0.0001
    ? { maximumSignificantDigits: 4 }
    : { maximumFractionDigits: digits }).format(value);
}

/** For the axis of a chart: 1.2k, 3M. */
export const formatCompact = (value) =>
  new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);

/** How much `now` is more than `before`, both decimal texts: "+12.5%"; null where there was nothing before. */
export function formatChange(now, before) {
  const base = Number(before);
  return base === 0 ? null : percent.format((Number(now) - base) / Math.abs(base));
}

/** A part of a whole, both numbers or decimal texts. */
export const formatShare = (part, whole) => (Number(whole) === 0 ? "–" : share.format(Number(part) / Number(whole)));

/** The sum of decimal texts, exact. */
export function sum(texts) {
  const parts = texts.map(scaled);
  const scale = Math.max(0, ...parts.map((part) => part.scale));
  const total = parts.reduce((all, part) => all + part.units * 10n ** BigInt(scale - part.scale), 0n);
  return unscaled(total, scale);
}

function scaled(text) {
  const [whole, fraction = ""] = plain(text).split(".");
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function unscaled(units, scale) {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return (negative ? "-" : "") + (fraction ? `${whole}.${fraction}` : whole);
}

// "1.5E-7" as the API may write it, without its exponent.
function plain(text) {
  const [mantissa, exponent] = String(text).toLowerCase().split("e");
  if (!exponent) {
    return mantissa;
  }
  const negative = mantissa.startsWith("-");
  const [whole, fraction = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, "0").padStart(whole.length + fraction.length - Math.min(point, 0), "0");
  const at = Math.max(point, 0);
  return (negative ? "-" : "") + (digits.slice(0, at) || "0") + (digits.length > at ? `.${digits.slice(at)}` : "");
}

/** 21 Nov 2026, of a UTC day. */
export const formatDay = (time) => day.format(new Date(time));
/** 21 Nov. */
export const formatShortDay = (time) => shortDay.format(new Date(time));
/** November 2026. */
export const formatMonth = (time) => month.format(new Date(time));
/** 21 Nov, 13:00, of a UTC hour. */
export const formatHour = (time) => hour.format(new Date(time));
/** 13:00, of a UTC hour. */
export const formatClock = (time) => clock.format(new Date(time));
/** To the second, in UTC. */
export const formatMoment = (time) => `${moment.format(new Date(time))} UTC`;

/** "3 hours ago". */
export function formatRelative(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit);
    }
  }
  return relative.format(Math.trunc(seconds), "second");
}

/** A usage time as a granularity shows it. */
export function formatTime(time, granularity) {
  return granularity === "hourly" ? formatHour(time) : granularity === "monthly" ? formatMonth(time) : formatDay(time);
}
