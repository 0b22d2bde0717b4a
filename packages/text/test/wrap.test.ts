import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { width, wrap } from '../src/index.ts'
import { anyText } from './text.ts'

describe('wrap', () => {
  it.each([
    ['at spaces', 'a lantern, a map and an apple', 12, ['a lantern, a', 'map and an', 'apple']],
    ['words that are as long as a line', 'abc def', 3, ['abc', 'def']],
    ['a word that is too long', 'abcdefgh ij', 3, ['abc', 'def', 'gh', 'ij']],
    ['a long word after a short one', 'a bcdefg', 3, ['a', 'bcd', 'efg']],
    ['wide characters', '三つの灯籠', 5, ['三つ', 'の灯', '籠']],
    ['emoji of many parts', '👩‍🚀👩‍🚀👩‍🚀', 4, ['👩‍🚀👩‍🚀', '👩‍🚀']],
    ['marks, with their letters', 'e\u0301e\u0301e\u0301', 2, ['e\u0301e\u0301', 'e\u0301']],
    ['several spaces', 'ab    cd', 3, ['ab', 'cd']],
    ['spaces at the beginning', '   abc', 4, ['   a', 'bc']],
    ['spaces at the end', 'abc   ', 3, ['abc']],
    ['no-break spaces: not', 'a b\u00a0c d', 4, ['a', 'b\u00a0c', 'd']],
    ['line ends', 'a\nb\r\n\nc', 5, ['a', 'b', '', 'c']],
    ['tabs', 'a\tb', 1, ['a', 'b']],
    ['SGR, which has no width', '\x1b[1mabc\x1b[0m def', 3, ['\x1b[1mabc\x1b[0m', 'def']],
    ['nothing', '', 5, ['']],
    ['no columns', 'a b c', Infinity, ['a b c']],
  ])('%s', (_what, text, columns, expected) => {
    expect(wrap(text, columns).split('\n')).toEqual(expected)
  })

  it('sets in the lines that follow, half of the columns at most', () => {
    expect(wrap('one two three\nfour five', 8, { indent: 2 })).toBe('one two\n  three\nfour\n  five')
    expect(wrap('abcdef', 4, { indent: 9 })).toBe('abcd\n  ef')
    expect(wrap('abc', 1, { indent: 1 })).toBe('a\nb\nc')
  })

  it('parts what is too wide for the lines that follow', () => {
    expect(wrap('灯籠\uff9e', 3, { indent: 1 })).toBe('灯\n 籠\n \uff9e')
  })

  it('keeps graphemes whole in long text, and takes time in proportion to it', () => {
    for (const grapheme of ['🇩🇪', '👩‍🚀', 'e\u0301', '三', `x${'\u0301'.repeat(150)}`]) {
      for (const before of ['', 'a', 'ab', 'abc']) {
        const lines = wrap(before + grapheme.repeat(1_000), 7).split('\n')
        expect(lines.join('')).toBe(before + grapheme.repeat(1_000))
        expect(lines.filter((line) => line.replaceAll(grapheme, '').replace(before, '') !== '')).toEqual([])
      }
    }
    expect(wrap('灯 '.repeat(60_000), 79).length).toBeGreaterThan(100_000)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %s columns', (columns) => {
    expect(() => wrap('x', columns)).toThrow(TypeError)
  })

  it('refuses an indentation that counts nothing', () => {
    expect(() => wrap('x', 5, { indent: -1 })).toThrow(TypeError)
  })

  it('never makes a line too wide, loses nothing but spaces, and is content with its own work', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 30 }), fc.nat(20), (text, columns, indent) => {
        const wrapped = wrap(text, columns, { indent })
        for (const line of wrapped.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns)
        const solid = (any: string): string => any.replace(/[ \t\r\n]/g, '')
        expect(solid(wrapped)).toBe(solid(text))
        expect(wrap(wrap(text, columns), columns)).toBe(wrap(text, columns))
      }),
      { numRuns: 2_000 },
    )
  })
})
