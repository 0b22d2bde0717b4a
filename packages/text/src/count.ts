/** Refuses a number that counts nothing. */
export function requireCount(name: string, value: number, least: number): void {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return
  throw new TypeError(`${name} must be a whole number from ${least} on, or Infinity; it is ${String(value)}.`)
}
