/** The largest number that Node's timers and `ws` take. */
const MOST = 2 ** 31 - 1

/** Returns an option's value, a whole number from `least` on. Throws a TypeError for anything else. */
export function wholeNumber(name: string, value: number, least: 0 | 1): number {
  if (Number.isInteger(value) && value >= least && value <= MOST) return value
  throw new TypeError(`${name} is a whole number from ${least} to ${MOST}, not ${String(value)}.`)
}
