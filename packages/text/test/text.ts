import fc from 'fast-check'
import type { ColourDepth, TextTerminal } from '../src/index.ts'

/** What breaks terminals, markup, wrapping and counting is frequent in it. */
const PIECES = [
  ...[
    '\x1b',
    '\x1b[',
    '\x1b[31m',
    '\x1b[4z',
    '\x1b]0;',
    '\x07',
    '\x1b\\',
    '\x9b',
    '\x9c',
    '\0',
    '\x7f',
    '\b',
  ],
  ...[
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\u0085',
    '\u2028',
    ' ',
    '  ',
    'a',
    'word',
    'longer-word',
    '!',
    '!!',
    'SOUND(',
  ],
  ...[
    '!!MUSIC(x)',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u{e0041}',
    '\ud800',
    '\udc00',
    '\u0301',
  ],
  ...[
    'é',
    'ß',
    '三',
    '灯籠',
    '👩',
    '👩‍🚀',
    '🏳️‍🌈',
    '🇩',
    '🇪',
    '👍🏽',
    '한',
    '\u1100',
    '\u1161',
    'ｶ',
    '\uff9e',
    'नि',
    '\ufe0f',
  ],
  ...['{', '}', '{/}', '{red}', '{bold on-blue}', '{#f80}', '{(}', '{)}', '{none}', '─'],
] as const

/** Any text at all. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'binary' })), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''))

const tag = fc.constantFrom('{red}', '{bold}', '{on-#123}', '{#fa0}', '{/}', '{/}', '{/}', '{unknown}', '{')

/** Markup that says something, without ornaments. */
export const anyMarkup: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(tag, fc.constantFrom('one ', 'two', ' three', '三', '👩‍🚀', 'e', '\u0301', '\n', ' '), anyText),
  )
  .map((pieces) => pieces.join(''))

export const DEPTHS: readonly ColourDepth[] = ['none', '16', '256', 'true']

export const PLAIN: TextTerminal = { colours: 'none', columns: undefined, screenReader: false, utf8: true }

/** Every terminal there could be. */
export const anyTerminal: fc.Arbitrary<TextTerminal> = fc.record({
  colours: fc.constantFrom(...DEPTHS),
  columns: fc.oneof(fc.constant(undefined), fc.integer({ min: 2, max: 40 })),
  screenReader: fc.boolean(),
  utf8: fc.boolean(),
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what SGR begins with.
export const SGR: RegExp = /\x1b\[[\d;]+m/g
