/** The largest number that timers take. */
const MOST = 2 ** 31 - 1

/** Returns an option's value, a whole number in that range. Throws a TypeError for anything else. */
export function wholeNumber(name: string, value: number, least: 0 | 1, most: number = MOST): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new TypeError(`${name} is a whole number from ${least} to ${most}, not ${String(value)}.`)
}

/** Returns a port. Throws a TypeError for anything else. */
export function portNumber(name: string, value: number): number {
  return wholeNumber(name, value, 0, 65_535)
}
