import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLpcValue, LpcFloat, type LpcValue, parseLpcValue } from '../src/lpc-value/index.ts'

fc.configureGlobal({ numRuns: Number(process.env.FC_RUNS ?? 1_000) })

/** Floats that six decimals hold. */
const float = fc.integer({ min: -1e12, max: 1e12 }).map((millionths) => millionths / 1e6)

const scalar: fc.Arbitrary<LpcValue> = fc.oneof(
  fc.maxSafeInteger().map((integer) => integer + 0),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
  float.map((value) => (Number.isInteger(value) ? new LpcFloat(value) : value)),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\r', '\n', '\0', ',', ':', '(', ')', '{', '}', 'é', '𝄞') }),
  fc.constantFrom('__proto__', 'constructor'),
)

const value: fc.Arbitrary<LpcValue> = fc.letrec<{ value: LpcValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 6 }).map((entries) => new Map(entries)),
  ),
})).value

/** Text in which everything that matters to the reader is frequent. */
const garbage = fc
  .array(
    fc.oneof(
      fc.constantFrom('({', '})', '([', '])', '(/', '/)', ',', ':', '"', '\\', '\r', '\n', '\0', '-', '.'),
      fc.constantFrom('1', '0.5', 'e', 'e+', 'e-', '"a"', '1,', '"a":', ' ', 'x', '𝄞', '\uD800'),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

/** A float in units of 2^-1074, the smallest that there is: every float is a whole number of them. */
function inSmallest(number: number): bigint {
  const bits = new DataView(Float64Array.of(number).buffer).getBigUint64(0, true)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & ((1n << 52n) - 1n)
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return bits >> 63n === 1n ? -magnitude : magnitude
}

describe('LPC values', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(parseLpcValue(formatLpcValue(original))).toEqual({ ok: true, value: original })
      }),
    )
  })

  it('are refused when an array is cut short', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.nat(), (original, at) => {
        const text = formatLpcValue(original)
        expect(parseLpcValue(text.slice(0, 1 + (at % (text.length - 1)))).ok).toBe(false)
      }),
    )
  })

  it('keep six decimals of any float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = formatLpcValue(new LpcFloat(number))
        expect(text).toMatch(/^-?\d+\.\d{6}$/)
        // Half of a millionth, exactly: a subtraction of floats would round once more.
        const millionths = BigInt(text.replace('.', '')) << 1074n
        const error = millionths - inSmallest(number) * 1_000_000n
        expect(error < 0n ? -error : error).toBeLessThanOrEqual(1n << 1073n)
        const result = parseLpcValue(text)
        expect(result.ok && Number(result.value)).toBe(Number(text))
        expect(formatLpcValue(new LpcFloat(Number(text)))).toBe(text)
      }),
      { examples: [[-263346539.5103395], [101717823.1715675]] },
    )
  })
})

describe('any text', () => {
  it('is read or refused, and what is read can be written and read again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          garbage,
          garbage.map((text) => `({${text}})`),
          fc.string(),
        ),
        (text) => {
          const result = parseLpcValue(text)
          if (!result.ok) return
          const written = formatLpcValue(result.value)
          expect(parseLpcValue(written)).toEqual(rounded(result.value))
        },
      ),
    )
  })

  it('is never read beyond the limits', () => {
    const limits = { maxDepth: 3, maxElements: 8, maxLength: 60 }
    fc.assert(
      fc.property(
        fc.oneof(
          garbage,
          value.map((each) => formatLpcValue(each)),
        ),
        (text) => {
          const result = parseLpcValue(text, limits)
          if (!result.ok) return
          expect(text.length).toBeLessThanOrEqual(60)
          const { depth, elements } = measured(result.value)
          expect(depth).toBeLessThanOrEqual(3)
          expect(elements).toBeLessThanOrEqual(8)
        },
      ),
    )
  })
})

/** A value as six decimals leave it. */
function rounded(original: LpcValue): unknown {
  return { ok: true, value: roundedValue(original) }
}

function roundedValue(original: LpcValue): LpcValue {
  if (Array.isArray(original)) return original.map(roundedValue)
  if (original instanceof Map) {
    return new Map([...original].map(([key, each]) => [roundedValue(key), roundedValue(each)]))
  }
  if (typeof original !== 'number' || Number.isInteger(original)) return original
  const number = Number(formatLpcValue(original))
  return Number.isInteger(number) ? new LpcFloat(number) : number
}

function measured(original: LpcValue): { depth: number; elements: number } {
  const children = Array.isArray(original)
    ? original
    : original instanceof Map
      ? [...original].flat()
      : undefined
  if (children === undefined) return { depth: 0, elements: 0 }
  const inner = children.map(measured)
  return {
    depth: 1 + Math.max(0, ...inner.map((each) => each.depth)),
    elements: children.length + inner.reduce((sum, each) => sum + each.elements, 0),
  }
}
