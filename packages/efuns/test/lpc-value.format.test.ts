import { describe, expect, it } from 'vitest'
import { formatLpcValue, LpcFloat, LpcLimitError, LpcTypeError } from '../src/lpc-value/index.ts'

class Town {
  readonly name = 'Mudwire'
}

describe('numbers', () => {
  it.each([
    [-0, '0'],
    [2 ** 53, '9007199254740992'],
    [2 ** 60, '1152921504606846976'],
    [-(2 ** 63), '-9223372036854775808'],
    [0n, '0'],
    [5n, '5'],
    [true, '1'],
    [false, '0'],
    [null, '0'],
  ])('%s is the integer %s', (value, text) => {
    expect(formatLpcValue(value)).toBe(text)
  })

  it.each([
    [new LpcFloat(1), '1.000000'],
    [new LpcFloat(-0), '-0.000000'],
    [-1e-9, '-0.000000'],
    [0.1 + 0.2, '0.300000'],
    // 2^63 is one more than LPC's largest integer.
    [2 ** 63, '9223372036854775808.000000'],
    [123456789.1234567, '123456789.123457'],
    [-1e21, '-1000000000000000000000.000000'],
    [Number.MIN_VALUE, '0.000000'],
    // In the middle between two of six decimals C takes the even one, where JavaScript takes the larger.
    [1 / 128, '0.007812'],
    [3 / 128, '0.023438'],
    [-1 / 128, '-0.007812'],
    [12345 + 5 / 128, '12345.039062'],
  ])('%s is the float %s', (value, text) => {
    expect(formatLpcValue(value)).toBe(text)
  })

  it('writes the largest float in full', () => {
    expect(formatLpcValue(Number.MAX_VALUE)).toMatch(/^17976931348623157\d{292}\.000000$/)
  })

  it('calculates with an LpcFloat, and prints it', () => {
    const price = new LpcFloat(2)
    expect(Number(price) * 1.5).toBe(3)
    expect(`${price}`).toBe('2.000000')
    expect(JSON.stringify({ price })).toBe('{"price":2}')
    expect(() => new LpcFloat(Number.NaN)).toThrow(TypeError)
  })
})

describe('containers', () => {
  it('takes Maps with keys of any kind, and plain objects with strings for keys', () => {
    expect(
      formatLpcValue(
        new Map<unknown, unknown>([
          [1, 'a'],
          [[2], new Map()],
          ['b', null],
        ]),
      ),
    ).toBe('([1:"a",({2,}):([]),"b":0,])')
    expect(formatLpcValue({ 1: 'a', b: undefined })).toBe('(["1":"a","b":0,])')
    expect(formatLpcValue(Object.assign(Object.create(null), { a: 1 }))).toBe('(["a":1,])')
  })

  it('writes what a class added to an array or Map as that array or Map', () => {
    class Exits extends Map<string, string> {}
    expect(formatLpcValue(new Exits([['north', '/d/town']]))).toBe('(["north":"/d/town",])')
  })

  it('writes holes as 0', () => {
    const rooms = [1]
    rooms[2] = 3
    expect(formatLpcValue(rooms)).toBe('({1,0,3,})')
  })

  it('writes nothing for objects and functions inside, as keys too', () => {
    expect(formatLpcValue({ town: new Town(), made: new Date(0), call: () => 1 })).toBe(
      '(["town":,"made":,"call":,])',
    )
    expect(formatLpcValue(new Map([[new Town(), 1]]))).toBe('([:1,])')
  })
})

describe('strings', () => {
  it('writes everything but quotes, backslashes and line ends as it is', () => {
    expect(formatLpcValue('\0\x1b[31m é 𝄞\r\n')).toBe('"\0\x1b[31m é 𝄞\\\r\r"')
  })
})

describe('what cannot be sent', () => {
  it.each([
    ['an object', new Town()],
    ['a Date', new Date(0)],
    ['a symbol', Symbol('town')],
    ['a symbol inside', [Symbol('town')]],
    ['NaN', Number.NaN],
    ['an infinity', [Number.NEGATIVE_INFINITY]],
    ['an integer over 64 bits', 2n ** 63n],
    ['an integer under 64 bits', -(2n ** 63n) - 1n],
  ])('refuses %s', (_, value) => {
    expect(() => formatLpcValue(value)).toThrow(LpcTypeError)
  })

  it('is what contains itself', () => {
    const array: unknown[] = []
    array.push(array)
    const map = new Map<unknown, unknown>()
    map.set('self', [map])
    for (const value of [array, map]) {
      expect(() => formatLpcValue(value)).toThrow(expect.objectContaining({ limit: 'maxDepth' }))
    }
  })

  it('is what is small in memory and endless as text', () => {
    let value: unknown = 'x'
    for (let i = 0; i < 90; i += 1) value = [value, value]
    expect(() => formatLpcValue(value)).toThrow(expect.objectContaining({ limit: 'maxElements' }))
    expect(() => formatLpcValue(new Array(4_000_000_000))).toThrow(
      expect.objectContaining({ limit: 'maxElements' }),
    )
  })
})

describe('limits', () => {
  it.each([
    [{ maxDepth: 2 }, [['a']], [[['a']]]],
    [{ maxElements: 3 }, { a: 1 }, { a: 1, b: 2 }],
    [{ maxElements: 3 }, [1, [2]], [1, [2, 3]]],
    [{ maxLength: 8 }, ['a'], ['ab']],
    [{ maxLength: 6 }, '""', '"""'],
  ])('%j allows %j and not %j', (limits, value, larger) => {
    expect(() => formatLpcValue(value, limits)).not.toThrow()
    expect(() => formatLpcValue(larger, limits)).toThrow(LpcLimitError)
  })

  it('must mean something', () => {
    for (const maxDepth of [0, -1, 1.5, Number.NaN, 501]) {
      expect(() => formatLpcValue(1, { maxDepth })).toThrow(/^maxDepth is a whole number/)
    }
    expect(() => formatLpcValue(1, { maxElements: Number.POSITIVE_INFINITY })).toThrow(
      /^maxElements is a whole number/,
    )
    expect(() => formatLpcValue(1, { maxLength: 0 })).toThrow(/^maxLength is a whole number/)
  })
})
