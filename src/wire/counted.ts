/** Figures with their noun. */

/** `12,345`. Written out: the first use of `toLocaleString` in a process takes 20 ms. */
export function figure(n: number): string {
  return `${n}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 event`, `12,345 events`. */
export function counted(n: number, noun: string): string {
  return `${figure(n)} ${noun}${n === 1 ? '' : 's'}`;
}
