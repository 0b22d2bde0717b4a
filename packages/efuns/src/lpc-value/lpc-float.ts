/**
 * A float that JavaScript would take for an integer: LPC tells `1.0` from `1`. Values with a fraction need none of this.
 *
 * @example
 * ```ts
 * formatLpcValue(1) // '1'
 * formatLpcValue(new LpcFloat(1)) // '1.000000'
 * ```
 */
export class LpcFloat {
  readonly value: number

  /** Throws a TypeError for what is no finite number: LPC has no text for it. */
  constructor(value: number) {
    if (!Number.isFinite(value)) throw new TypeError(`An LPC float is a finite number, not ${String(value)}.`)
    this.value = value
  }

  /** So that one can calculate with it. */
  valueOf(): number {
    return this.value
  }

  /** As it stands on the wire. */
  toString(): string {
    return formatFloat(this.value)
  }

  /** A plain number, where JSON is made of it. */
  toJSON(): number {
    return this.value
  }
}

/** From here on `toFixed` writes an exponent. */
const TO_FIXED_LIMIT = 1e21

/** C's `%f`, with which the driver writes floats: six decimals, and of two equally near ones the even one. */
export function formatFloat(value: number): string {
  if (Math.abs(value) >= TO_FIXED_LIMIT) return `${BigInt(value)}.000000`
  const rounded = isTie(value) ? roundedToEven(value) : value.toFixed(6)
  return Object.is(value, -0) ? `-${rounded}` : rounded
}

/** The only numbers in the middle between two of six decimals are odd multiples of 1/128. */
function isTie(value: number): boolean {
  return Math.abs(value * 128) % 2 === 1
}

/** `toFixed(6)` rounds these up; their seven decimals are exact, so that the last one can be dropped instead. */
function roundedToEven(value: number): string {
  const exact = value.toFixed(7)
  const isEven = Number(exact.at(-2)) % 2 === 0
  return isEven ? exact.slice(0, -1) : value.toFixed(6)
}
