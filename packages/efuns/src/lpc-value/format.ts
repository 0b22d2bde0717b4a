import { LpcLimitError, LpcTypeError } from './errors.ts'
import { fitsInteger } from './integer.ts'
import { LPC_WRITE_LIMITS, type LpcLimits, withLimits } from './limits.ts'
import { formatFloat, LpcFloat } from './lpc-float.ts'

/**
 * Writes a value as LPC text, byte for byte as FluffOS does.
 *
 * - Numbers that are whole and fit into 64 bits are integers, and so are bigints; `-0` is `0`. Any other number, and
 *   {@link LpcFloat}, is a float with six decimals. `true` and `false` are 1 and 0, null and undefined are 0.
 * - Arrays are arrays. Maps are mappings with keys of any kind; plain objects are mappings whose keys are strings.
 * - A newline in a string becomes CR, which readers turn back. Lone surrogates become U+FFFD when the text becomes bytes.
 * - Functions and bytes are written as nothing, and so is an object (an instance of a class) inside an array or mapping.
 *
 * @throws LpcTypeError for an object by itself, a symbol, NaN, an infinity, and a bigint beyond 64 bits.
 * @throws LpcLimitError for what is over the limits; what contains itself is nested too deep.
 * @throws RangeError for limits that mean nothing.
 *
 * @example
 * ```ts
 * formatLpcValue(['look', 3, { north: '/d/town' }]) // '({"look",3,(["north":"/d/town",]),})'
 * ```
 */
export function formatLpcValue(value: unknown, limits?: Partial<LpcLimits>): string {
  if (isLpcObject(value)) {
    throw new LpcTypeError(
      'An object cannot be sent as an LPC value; send an array, a Map or a plain object.',
    )
  }
  return new LpcWriter(withLimits(LPC_WRITE_LIMITS, limits)).write(value)
}

class LpcWriter {
  readonly #limits: LpcLimits
  #text = ''
  #elements = 0

  constructor(limits: LpcLimits) {
    this.#limits = limits
  }

  write(value: unknown): string {
    this.#value(value, 0)
    return this.#text
  }

  /** `depth` counts the arrays and mappings around it. */
  #value(value: unknown, depth: number): void {
    if (Array.isArray(value)) this.#array(value, this.#enter(depth))
    else if (value instanceof Map) this.#mapping(value, this.#enter(depth))
    else if (isPlainObject(value)) this.#mapping(Object.entries(value), this.#enter(depth))
    else this.#scalar(value)
  }

  #scalar(value: unknown): void {
    // Looked at before the escapes are made, which takes memory too.
    if (typeof value === 'string') this.#requireRoom(value.length)
    this.#put(formatScalar(value))
  }

  #enter(depth: number): number {
    if (depth < this.#limits.maxDepth) return depth + 1
    throw new LpcLimitError(
      'maxDepth',
      `Arrays and mappings are nested deeper than ${depth}. Does one contain itself?`,
    )
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#put('({')
    // Not forEach: a hole is undefined like any other.
    for (const item of items) this.#element(item, ',', depth)
    this.#put('})')
  }

  #mapping(entries: Iterable<readonly [unknown, unknown]>, depth: number): void {
    this.#put('([')
    for (const [key, value] of entries) {
      this.#element(key, ':', depth)
      this.#element(value, ',', depth)
    }
    this.#put('])')
  }

  #element(value: unknown, delimiter: ',' | ':', depth: number): void {
    this.#elements += 1
    if (this.#elements > this.#limits.maxElements) {
      throw new LpcLimitError('maxElements', `A value has more than ${this.#limits.maxElements} elements.`)
    }
    this.#value(value, depth)
    this.#put(delimiter)
  }

  #put(text: string): void {
    this.#requireRoom(text.length)
    this.#text += text
  }

  #requireRoom(length: number): void {
    if (this.#text.length + length <= this.#limits.maxLength) return
    throw new LpcLimitError('maxLength', `A value takes more than ${this.#limits.maxLength} characters.`)
  }
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** What an LPC object becomes: an instance of a class that is none of LPC's own types. */
function isLpcObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isPlainObject(value)) return false
  return !(Array.isArray(value) || value instanceof Map || value instanceof LpcFloat || isBytes(value))
}

function isBytes(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer
}

function formatScalar(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return '0'
    case 'boolean':
      return value ? '1' : '0'
    case 'number':
      return formatNumber(value)
    case 'bigint':
      return formatInteger(value)
    case 'string':
      return quote(value)
    case 'symbol':
      throw new LpcTypeError('A symbol cannot be sent as an LPC value.')
    case 'function':
      return ''
    case 'object':
      if (value === null) return '0'
      return value instanceof LpcFloat ? formatFloat(value.value) : ''
  }
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new LpcTypeError(`${value} cannot be sent: LPC has no text for it.`)
  if (!Number.isInteger(value)) return formatFloat(value)
  if (Number.isSafeInteger(value)) return String(value)
  // A bigint is written without an exponent however large it is.
  const integer = BigInt(value)
  return fitsInteger(integer) ? String(integer) : formatFloat(value)
}

function formatInteger(value: bigint): string {
  if (fitsInteger(value)) return String(value)
  throw new LpcTypeError("A bigint cannot be sent that does not fit into the 64 bits of LPC's integers.")
}

function quote(text: string): string {
  return `"${text.replace(/["\\\r]/g, '\\$&').replaceAll('\n', '\r')}"`
}
