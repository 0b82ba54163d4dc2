// Numbers and moments as people read them.

export const NOT_KNOWN = '\u2013';

// A mean number of threads.
export function threads(value) {
  if (value === null || value === undefined) return NOT_KNOWN;
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

export function percent(share) {
  return share > 0 && share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

// A length in ms.
export function duration(ms) {
  const size = Math.abs(ms);
  if (size < 1) return `${(ms * 1000).toFixed(0)} \u00b5s`;
  if (size < 100) return `${ms.toFixed(1)} ms`;
  if (size < 1000) return `${ms.toFixed(0)} ms`;
  if (size < 60000) return `${(ms / 1000).toFixed(2)} s`;
  if (size < 3600000) return `${(ms / 60000).toFixed(1)} min`;
  return `${(ms / 3600000).toFixed(1)} h`;
}

// Seconds, of a clock.
export function seconds(value) {
  return value === null || value === undefined ? NOT_KNOWN : duration(value * 1000);
}

// A moment of UTC, in ms since the Unix epoch, to the millisecond.
export function clock(ms, digits = 3) {
  const text = new Date(ms).toISOString();
  return digits > 0 ? text.slice(11, 20 + digits) : text.slice(11, 19);
}

export function middle(interval) {
  return (interval[0] + interval[1]) / 2;
}

export function error(interval) {
  return (interval[1] - interval[0]) / 2;
}
