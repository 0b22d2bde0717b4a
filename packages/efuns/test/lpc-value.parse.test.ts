import { describe, expect, it } from 'vitest'
import { LpcFloat, type LpcValue, parseLpcValue } from '../src/lpc-value/index.ts'

const read = (text: string): LpcValue | undefined => {
  const result = parseLpcValue(text)
  return result.ok ? result.value : undefined
}

describe('numbers', () => {
  it.each<[string, LpcValue]>([
    ['-0', 0],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740992', -9007199254740992n],
    // What is beyond 64 bits wraps around.
    ['9223372036854775808', -9223372036854775808n],
    ['-9223372036854775809', 9223372036854775807n],
    ['18446744073709551617', 1],
    [`1${'0'.repeat(100)}`, 0],
  ])('%s is an integer', (text, value) => {
    expect(read(text)).toBe(value)
  })

  it.each<[string, LpcValue]>([
    ['1.500000', 1.5],
    ['-0.25', -0.25],
    ['1.25e-1', 0.125],
    ['125e-3', 0.125],
    ['1.5e+', 1.5],
    ['1.0', new LpcFloat(1)],
    ['-0.000000', new LpcFloat(-0)],
    ['1e+5', new LpcFloat(100000)],
    ['1.', new LpcFloat(1)],
  ])('%s is a float', (text, value) => {
    expect(read(text)).toEqual(value)
  })

  it.each(['-', '--1', '1.x', '1e5', '1e', '1.5e5', '1e+999', '({1.,})', '({-,})', '({.5,})', '({+1,})'])(
    '%s is none',
    (text) => {
      expect(parseLpcValue(text)).toEqual({ ok: false })
    },
  )

  it('ends where it ends, by itself', () => {
    expect([read('12 coins'), read('1E5'), read('1,2')]).toEqual([12, 1, 1])
  })
})

describe('strings', () => {
  it.each([
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['"two\rlines"', 'two\nlines'],
    ['"two\nlines"', 'two\nlines'],
    ['"a\\\rb"', 'a\rb'],
    ['"\\a\\n\\\n"', 'an\n'],
    ['"a\0b"', 'a\0b'],
    ['"\\𝄞"', '𝄞'],
    ['"a"\0', 'a'],
    ['"a"\0b', 'a'],
  ])('%j is %j', (text, value) => {
    expect(read(text)).toBe(value)
  })

  it.each(['"', '"a', '"a\\"', '"a\\', '"a"b', '"a" ', '({"a"})', '({"a"b,})', '({"a'])(
    '%j is none',
    (text) => {
      expect(parseLpcValue(text)).toEqual({ ok: false })
    },
  )
})

describe('arrays and mappings', () => {
  it.each<[string, LpcValue]>([
    ['({1,,2,})', [1, 0, 2]],
    ['({,})', [0]],
    ['({})more', []],
    ['(/1,"a",/)', [1, 'a']],
    ['({(/1,/),([(/2,/):3,]),})', [[1], new Map([[[2], 3]])]],
    ['([:,])', new Map([[0, 0]])],
    [
      '([:1,"a":,])',
      new Map<LpcValue, LpcValue>([
        [0, 1],
        ['a', 0],
      ]),
    ],
    ['([1:2,1:3,])', new Map([[1, 3]])],
    ['([1.5:2,])', new Map([[1.5, 2]])],
  ])('%s is taken', (text, value) => {
    expect(read(text)).toEqual(value)
  })

  it('makes a Map of every key there is, and no more of it', () => {
    const value = read('(["__proto__":(["polluted":1,]),"constructor":2,"length":3,])')
    expect(value).toEqual(
      new Map<LpcValue, LpcValue>([
        ['__proto__', new Map([['polluted', 1]])],
        ['constructor', 2],
        ['length', 3],
      ]),
    )
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it.each([
    ...[
      '(',
      '()',
      '(1)',
      '({',
      '({1',
      '({1,',
      '({1,}',
      '({1})',
      '({1,2})',
      '({ 1,})',
      '({1, 2,})',
      '({1 ,})',
      '({1x,})',
    ],
    ...['([', '([1', '([1:', '([1:2', '([1:2,', '([1:2,]', '([1:2])', '([1,2,])', '([1:])', '([1:2:3,])'],
    ...['({1,])', '([1:2,})', '({1:2,})', '({1,/)', '(/1,})', '({x,})', '({({1,,})', '({1,\0})', '({({})})'],
  ])('%j is not', (text) => {
    expect(parseLpcValue(text)).toEqual({ ok: false })
  })
})

it('takes text that begins like no value for 0', () => {
  for (const text of ['', '\0', 'hello', ' 1', '+1', '.5', '}', 'GET / HTTP/1.1']) expect(read(text)).toBe(0)
})

describe('limits', () => {
  const deep = (levels: number): string => '({'.repeat(levels) + ',})'.repeat(levels)

  it('reads one level more than it writes, as FluffOS does, and refuses 10,000', () => {
    expect(parseLpcValue(deep(101)).ok).toBe(true)
    expect(parseLpcValue(deep(102)).ok).toBe(false)
    for (const open of ['({', '([', '([:', '(/']) {
      expect(parseLpcValue(open.repeat(10_000)).ok).toBe(false)
      expect(parseLpcValue(open.repeat(10_000), { maxDepth: 500 }).ok).toBe(false)
    }
    expect(parseLpcValue(deep(500), { maxDepth: 500 }).ok).toBe(true)
  })

  it.each([
    [{ maxDepth: 2 }, '({({}),})', '({({({}),}),})'],
    [{ maxElements: 3 }, '({,,,})', '({,,,,})'],
    [{ maxElements: 3 }, '({1,({2,}),})', '({1,({2,3,}),})'],
    [{ maxElements: 2 }, '([1:2,])', '([1:2,3:4,])'],
    [{ maxLength: 3 }, '"a"', '"ab"'],
  ])('%j allows %s and not %s', (limits, text, larger) => {
    expect(parseLpcValue(text, limits).ok).toBe(true)
    expect(parseLpcValue(larger, limits)).toEqual({ ok: false })
  })

  it('holds what one packet may make of itself', () => {
    expect(parseLpcValue(`({${','.repeat(100_000)}})`).ok).toBe(true)
    expect(parseLpcValue(`({${','.repeat(100_001)}})`).ok).toBe(false)
    expect(parseLpcValue(`"${'a'.repeat(16 * 1024 * 1024)}"`).ok).toBe(false)
  })

  it('must mean something', () => {
    expect(() => parseLpcValue('1', { maxDepth: 501 })).toThrow(RangeError)
  })

  it('reads the longest texts, of every kind', () => {
    const size = 4 * 1024 * 1024
    expect(read(`"${'\\a'.repeat(size)}"`)).toBe('a'.repeat(size))
    expect(read('9'.repeat(size))).toBeDefined()
    expect(read(`0.${'9'.repeat(size)}`)).toEqual(new LpcFloat(1))
    expect(read(`1e-${'9'.repeat(size)}`)).toEqual(new LpcFloat(0))
    expect(read(`"${'\\'.repeat(2 * size - 1)}`)).toBeUndefined()
    expect(read(`({${'"a",'.repeat(size)}`)).toBeUndefined()
  })
})
