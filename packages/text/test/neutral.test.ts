import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neutral } from '../src/index.ts'
import { anyText } from './text.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment)

describe('what others have written', () => {
  it.each([
    ['colours', '\x1b[31mred\x1b[0m', 'red'],
    ['a screen that is cleared', 'hi\x1b[2J\x1b[H', 'hi'],
    ['a title, ended by BEL or by ST', '\x1b]0;root\x07a\x1b]2;x\x1b\\b', 'ab'],
    ['the clipboard', '\x1b]52;c;ZWNobw==\x07', ''],
    ['a string that never ends', '\x1b]0;all of this', ']0;all of this'],
    ['C1 sequences', '\x9b4zsecure \x9d0;x\x9cend', 'secure end'],
    ["MXP's secure line", '\x1b[1z<send "quit">x</send>', '<send "quit">x</send>'],
    ['a sequence within one', '\x1b\x1b[0m[2J', '[2J'],
    ['NUL, DEL, BEL, BS', 'a\0b\x7fc\x07d\be', 'abcde'],
    [
      'line ends and tabs',
      'one\r\ntwo\nthree\tfour\u2028five\u2029six\u0085seven',
      'one two three four five six seven',
    ],
    ['directions', 'abc\u202Edcba\u2066\u061C', 'abcdcba'],
    ['zero widths', 'ad\u200Bm\u200Cin\uFEFF\u2060\u00AD', 'admin'],
    ['fillers that look like spaces', 'a\u3164\u115F\uFFA0', 'a'],
    ['tags', 'a\u{E0041}\u{E007F}', 'a'],
    ['halves of surrogate pairs', 'a\ud83d\x01\udc00', 'a'],
    ['a joiner outside an emoji', 'a\u200Db', 'ab'],
    ['spaces at the ends', '  a  b ', 'a  b'],
    ['sounds', '!!SOUND(bell.wav) and !!!music(x)', '!SOUND(bell.wav) and !music(x)'],
    ['sounds that appear when something is gone', '!\x07!SO\0UND(x)', '!SOUND(x)'],
    ['piled marks', `z${'\u0301'.repeat(50)}!`, `z${'\u0301'.repeat(8)}!`],
  ])('%s', (_what, text, expected) => {
    expect(neutral(text)).toBe(expected)
  })

  it.each([
    'Grüße',
    'e\u0301',
    '三つの灯籠',
    'שלום',
    'नमस्ते',
    '👩‍🚀',
    '🏳️‍🌈',
    '👍🏽',
    '❤️',
    '5 < 6 & 7',
    '!!',
    'wow!!!',
  ])('leaves %s alone', (text) => {
    expect(neutral(text)).toBe(text)
  })
})

describe('the limit', () => {
  it('counts code points and keeps graphemes whole', () => {
    expect(neutral('abcdef', 3)).toBe('abc')
    expect(neutral('👍👍👍', 2)).toBe('👍👍')
    expect(neutral('ae\u0301', 2)).toBe('a')
    expect(neutral('a👩‍🚀', 3)).toBe('a')
    expect(neutral('a👩‍🚀', 4)).toBe('a👩‍🚀')
    expect(neutral('ab  c', 4)).toBe('ab')
  })

  it('is 1,000 unless told otherwise', () => {
    expect(neutral('x'.repeat(5_000))).toHaveLength(1_000)
    expect(neutral('x'.repeat(5_000), Infinity)).toHaveLength(5_000)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %s', (limit) => {
    expect(() => neutral('x', limit)).toThrow(TypeError)
  })
})

it('whatever the text, one line that can be seen comes out, no longer than allowed', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, limit) => {
      const clean = neutral(text, limit)
      expect(clean).not.toMatch(
        /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200B\u200C\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u,
      )
      expect(clean).not.toMatch(/!!(SOUND|MUSIC)\(/i)
      expect([...clean].length).toBeLessThanOrEqual(limit)
      expect(neutral(clean, limit)).toBe(clean)
      const all = graphemes(neutral(text, Infinity))
      expect(graphemes(clean)).toEqual(all.slice(0, graphemes(clean).length))
    }),
    { numRuns: 2_000 },
  )
})

it('takes time in proportion to the text, whatever it is made of', () => {
  // What a quadratic pattern would take minutes for.
  for (const piece of ['\x1b]', '\x9d', '\x1b[0', '\x9b;', '!', '\u0301', '👩\u200d', ' ']) {
    expect(neutral(piece.repeat(100_000), 10).length).toBeLessThanOrEqual(20)
  }
})
