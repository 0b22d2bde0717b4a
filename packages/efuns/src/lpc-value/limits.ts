/** How large a value may be. */
export interface LpcLimits {
  /** Arrays and mappings inside each other, the outermost included. 1 to 500. */
  readonly maxDepth: number
  /** Elements of all arrays together, and keys and values of all mappings. */
  readonly maxElements: number
  /** Characters (UTF-16 units) of the text. */
  readonly maxLength: number
}

/** Depth is met by recursion, which must fit on a stack that is half full already. */
const DEEPEST = 500

/** What {@link formatLpcValue} writes unless told otherwise. The depth is FluffOS's. */
export const LPC_WRITE_LIMITS: LpcLimits = Object.freeze({
  maxDepth: 100,
  maxElements: 100_000,
  maxLength: 16 * 1024 * 1024,
})

/** What {@link parseLpcValue} reads unless told otherwise: FluffOS reads one level more than it writes. */
export const LPC_READ_LIMITS: LpcLimits = Object.freeze({ ...LPC_WRITE_LIMITS, maxDepth: 101 })

/** The limits with what is given of `changes` in their place. Throws a RangeError for a limit that means nothing. */
export function withLimits(limits: LpcLimits, changes: Partial<LpcLimits> | undefined): LpcLimits {
  if (changes === undefined) return limits
  const {
    maxDepth = limits.maxDepth,
    maxElements = limits.maxElements,
    maxLength = limits.maxLength,
  } = changes
  requireWhole('maxDepth', maxDepth, DEEPEST)
  requireWhole('maxElements', maxElements, Number.MAX_SAFE_INTEGER)
  requireWhole('maxLength', maxLength, Number.MAX_SAFE_INTEGER)
  return { maxDepth, maxElements, maxLength }
}

function requireWhole(name: keyof LpcLimits, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw new RangeError(`${name} is a whole number from 1 to ${most}, not ${String(value)}.`)
}
