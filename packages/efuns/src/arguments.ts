/*
 * A wrong type is a bug of the caller's: LPC raises an error for it, and so do these. The message names the efun, the
 * argument by its number, and what is expected.
 */

/** Throws a TypeError unless it is a whole number. */
export function requireInteger(efun: string, position: number, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value)) throw badArgument(efun, position, 'a whole number', value)
}

/** Throws a TypeError unless it is a string. */
export function requireString(efun: string, position: number, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw badArgument(efun, position, 'a string', value)
}

/** Throws a TypeError unless it is an object, which a function is not. */
export function requireObject(efun: string, position: number, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null) throw badArgument(efun, position, 'an object', value)
}

/** Throws a TypeError unless it is a function or the name of a method. */
export function requireCallback(efun: string, position: number, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'function') return
  throw badArgument(efun, position, 'a function or the name of a method', value)
}

/** The error for an argument that is of no use. */
export function badArgument(efun: string, position: number, expected: string, value: unknown): TypeError {
  return new TypeError(`${efun}: argument ${position} is ${expected}, not ${describe(value)}.`)
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value)
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
