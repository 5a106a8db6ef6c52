/** Figures with their noun. */

/** `1 event`, `12,345 events`. */
export function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
