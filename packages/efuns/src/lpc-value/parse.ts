import { readInteger } from './integer.ts'
import { LPC_READ_LIMITS, type LpcLimits, withLimits } from './limits.ts'
import { LpcFloat } from './lpc-float.ts'
import type { LpcValue } from './value.ts'

/** What {@link parseLpcValue} made of a text: a value, or nothing. */
export type LpcResult = { readonly ok: true; readonly value: LpcValue } | { readonly ok: false }

const BEGINS_VALUE = /^[-\d"(]/

const FAILED: LpcResult = Object.freeze({ ok: false })

/**
 * Reads a value from LPC text, by FluffOS's rules:
 *
 * - Every element of an array or mapping ends with its delimiter, the last one too, and no spaces are allowed. An
 *   element that is left out is 0: FluffOS writes nothing for objects and functions.
 * - What follows a number, an array or a mapping is ignored; only NUL may follow a string.
 * - Text that begins like no value at all, the empty text too, is 0.
 * - Integers beyond 64 bits wrap around. An exponent has a sign: `1e+5`.
 * - A backslash stands before any character that is meant as such, and CR is a newline.
 * - A class, `(/1,2,/)`, arrives as the array of its members.
 * - Broken text that FluffOS misreads is refused: `({"a` is an empty array there, and `({1x,})` is `({1,})`.
 *
 * Takes time in proportion to the text, and never throws for what is in it.
 *
 * @throws RangeError for limits that mean nothing.
 *
 * @example
 * ```ts
 * parseLpcValue('({"look",3,})') // { ok: true, value: ['look', 3] }
 * parseLpcValue('({"look",3')    // { ok: false }
 * ```
 */
export function parseLpcValue(text: string, limits?: Partial<LpcLimits>): LpcResult {
  const used = withLimits(LPC_READ_LIMITS, limits)
  if (text.length > used.maxLength) return FAILED
  const value = new LpcReader(text, used).read()
  return value === undefined ? FAILED : { ok: true, value }
}

/** Its methods return undefined where the text is no value; then reading is over. */
class LpcReader {
  readonly #text: string
  readonly #limits: LpcLimits
  #at = 0
  #elements = 0

  constructor(text: string, limits: LpcLimits) {
    this.#text = text
    this.#limits = limits
  }

  read(): LpcValue | undefined {
    if (!BEGINS_VALUE.test(this.#text)) return 0
    const value = this.#value(0)
    return typeof value !== 'string' || this.#isAtEnd() ? value : undefined
  }

  /** `depth` counts the arrays and mappings around it. */
  #value(depth: number): LpcValue | undefined {
    if (this.#skip('"')) return this.#string()
    if (!this.#skip('(')) return this.#number()
    if (depth === this.#limits.maxDepth) return undefined
    if (this.#skip('{')) return this.#array('}', depth + 1)
    if (this.#skip('[')) return this.#mapping(depth + 1)
    return this.#skip('/') ? this.#array('/', depth + 1) : undefined
  }

  #array(end: '}' | '/', depth: number): LpcValue[] | undefined {
    const items: LpcValue[] = []
    while (!this.#skip(end)) {
      const item = this.#element(',', depth)
      if (item === undefined) return undefined
      items.push(item)
    }
    return this.#skip(')') ? items : undefined
  }

  #mapping(depth: number): Map<LpcValue, LpcValue> | undefined {
    const mapping = new Map<LpcValue, LpcValue>()
    while (!this.#skip(']')) {
      const key = this.#element(':', depth)
      if (key === undefined) return undefined
      const value = this.#element(',', depth)
      if (value === undefined) return undefined
      mapping.set(key, value)
    }
    return this.#skip(')') ? mapping : undefined
  }

  #element(delimiter: ',' | ':', depth: number): LpcValue | undefined {
    this.#elements += 1
    if (this.#elements > this.#limits.maxElements) return undefined
    if (this.#skip(delimiter)) return 0
    const value = this.#value(depth)
    return this.#skip(delimiter) ? value : undefined
  }

  /** The rest of a string whose quote has been read. */
  #string(): string | undefined {
    const text = this.#text
    let value = ''
    let start = this.#at
    for (let at = start; at < text.length; at += 1) {
      const char = text[at]
      if (char === '"') {
        this.#at = at + 1
        return value + text.slice(start, at)
      }
      if (char !== '\\' && char !== '\r') continue
      value += text.slice(start, at)
      start = at + 1
      if (char === '\r') value += '\n'
      // What stands behind a backslash is not looked at.
      else at += 1
    }
    return undefined
  }

  #number(): number | bigint | LpcFloat | undefined {
    const start = this.#at
    this.#skip('-')
    if (!this.#skipDigits()) return undefined
    const hasPoint = this.#skip('.')
    // A point with nothing behind it is taken at the very end only.
    if (hasPoint && !this.#skipDigits() && !this.#isAtEnd()) return undefined
    let end = this.#at
    const hasExponent = this.#skip('e')
    if (hasExponent) {
      if (!this.#skip('+') && !this.#skip('-')) return undefined
      // A sign without digits is an exponent of 0.
      if (this.#skipDigits()) end = this.#at
    }
    const text = this.#text.slice(start, end)
    return hasPoint || hasExponent ? asFloat(Number(text)) : readInteger(text)
  }

  #skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  #skipDigits(): boolean {
    const start = this.#at
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at += 1
    return this.#at > start
  }

  /** In the driver a NUL ends every text. Here it does so behind a value, and is a character like others inside one. */
  #isAtEnd(): boolean {
    return this.#at >= this.#text.length || this.#text[this.#at] === '\0'
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** A whole float would be an integer as a number; what is beyond a double's range cannot be sent on. */
function asFloat(value: number): number | LpcFloat | undefined {
  if (!Number.isFinite(value)) return undefined
  return Number.isInteger(value) ? new LpcFloat(value) : value
}
