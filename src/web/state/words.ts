/** Time and numbers in the words of the page: short, and the same everywhere. */

const steps = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
] as const;

/** A duration in its largest unit: `5m`, `3h`. Less than a second is `now`. */
export function shortSpan(ms: number): string {
  const [unitMs, unit] = steps.find(([each]) => ms >= each) ?? [1_000, 's'];
  return ms < 1_000 ? 'now' : `${Math.floor(ms / unitMs)}${unit}`;
}

/** A duration in its two largest units: `4m 12s`. */
export function span(ms: number): string {
  const index = steps.findIndex(([each]) => ms >= each);
  if (index === -1) return `${Math.max(0, Math.round(ms))}ms`;
  const parts = steps.slice(index, index + 2).map(([unitMs, unit], place) => {
    const [largerMs] = steps[index + place - 1] ?? [Number.POSITIVE_INFINITY];
    return [Math.floor((place === 0 ? ms : ms % largerMs) / unitMs), unit] as const;
  });
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** A moment (UTC ms) as the clock on the wall says it: `14:03:07`, with the day when not today. */
export function clockTime(atMs: number, nowMs: number): string {
  const time = times.format(atMs);
  const day = days.format(atMs);
  return day === days.format(nowMs) ? time : `${day} ${time}`;
}

const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short' });

/** A word with its number: `1 task`, `2 tasks`, `1,000 tasks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
