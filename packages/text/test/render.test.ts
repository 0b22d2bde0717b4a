import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMarkup, neutral, render, type TextTerminal, width } from '../src/index.ts'
import { anyMarkup, anyTerminal, anyText, DEPTHS, PLAIN, SGR } from './text.ts'

const on = (terminal: Partial<TextTerminal>): TextTerminal => ({ ...PLAIN, ...terminal })

describe('colours', () => {
  it.each([
    ['none', 'a b c d e'],
    ['16', 'a \x1b[31mb\x1b[0m \x1b[1;4;94mc\x1b[0m \x1b[91md\x1b[0m \x1b[3;7;40me\x1b[0m'],
    ['256', 'a \x1b[31mb\x1b[0m \x1b[1;4;94mc\x1b[0m \x1b[38;5;196md\x1b[0m \x1b[3;7;48;5;16me\x1b[0m'],
    [
      'true',
      'a \x1b[31mb\x1b[0m \x1b[1;4;94mc\x1b[0m \x1b[38;2;255;0;0md\x1b[0m \x1b[3;7;48;2;0;0;0me\x1b[0m',
    ],
  ] as const)('of a terminal with %s', (colours, expected) => {
    const markup = 'a {red}b{/} {bold underline bright-blue}c{/} {#f00}d{/} {italic inverse on-#000000}e{/}'
    expect(render(markup, on({ colours }))).toBe(expected)
  })

  it('end with their line, and begin again', () => {
    expect(render('{red}one\ntwo{/}\n', on({ colours: '16' }))).toBe(
      '\x1b[31mone\x1b[0m\n\x1b[31mtwo\x1b[0m\n',
    )
    expect(render('{on-red}one two{/}', on({ colours: '16', columns: 4 }), { indent: 1 })).toBe(
      '\x1b[41mone\x1b[0m\n \x1b[41mtwo\x1b[0m',
    )
  })

  it('leave a letter and its mark together', () => {
    expect(render('e{red}\u0301x{/}', on({ colours: '16' }))).toBe('e\u0301\x1b[31mx\x1b[0m')
  })

  it('are not for a screen reader', () => {
    expect(render('{red}x{/}', on({ colours: 'true', screenReader: true }))).toBe('x')
  })
})

describe('ornaments', () => {
  const map =
    'You look.\n{ornament:A map: the harbour is north.}\n~~~\n |{/}\nExits: north{ornament} ┌█┘{/}\n{ornament}────────{/}\nEnd.'

  it('are shown where there is an eye for them', () => {
    expect(render(map, PLAIN)).toBe('You look.\n\n~~~\n |\nExits: north ┌█┘\n────────\nEnd.')
  })

  it('are drawn in ASCII where there is no UTF-8, and other text stays', () => {
    expect(render('{ornament}┌─┬╱╲╳┐│▒{/} ─é', on({ utf8: false }))).toBe('+-+/\\X+|# ─é')
  })

  it('become words or nothing for a screen reader, and leave no empty lines', () => {
    expect(render(map, on({ screenReader: true }))).toBe(
      'You look.\nA map: the harbour is north.\nExits: north\nEnd.',
    )
  })

  it('leave the empty lines of the author alone', () => {
    expect(render('a\n\n{ornament}--{/}\n', on({ screenReader: true }))).toBe('a\n\n')
  })

  it('are cut at the edge of the screen when they fill their line, and wrapped within text', () => {
    expect(render('{ornament}=== ==={/}\n{ornament}=={/} ab', on({ columns: 4 }))).toBe('=== \n==\nab')
  })

  it('pass no control characters on in their words', () => {
    expect(render('{ornament:a\x1b[2Jb}-{/}', on({ screenReader: true }))).toBe('ab')
  })
})

it('sets nothing in where lines have no end', () => {
  expect(render('a b\nc', PLAIN, { indent: Infinity })).toBe('a b\nc')
})

it.each([0, -5, 2.5, Number.NaN])('refuses %s columns', (columns) => {
  expect(() => render('x', on({ columns }))).toThrow(TypeError)
})

describe('whatever the markup and the terminal', () => {
  it('no control character comes out but line ends and SGR, and that only where there are colours', () => {
    fc.assert(
      fc.property(anyMarkup, anyTerminal, (markup, terminal) => {
        const rendered = render(markup, terminal)
        expect(rendered.replace(SGR, '')).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
        if (terminal.colours === 'none' || terminal.screenReader) expect(rendered).not.toContain('\x1b')
      }),
      { numRuns: 2_000 },
    )
  })

  it('no line is too wide, and none leaves a colour on', () => {
    fc.assert(
      fc.property(anyMarkup, anyTerminal, fc.nat(10), (markup, terminal, indent) => {
        for (const line of render(markup, terminal, { indent }).split('\n')) {
          expect(width(line)).toBeLessThanOrEqual(terminal.columns ?? Infinity)
          const last = line.match(SGR)?.at(-1)
          expect(last ?? '\x1b[0m').toBe('\x1b[0m')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('the text that is seen is the same', () => {
    const seen = (rendered: string): string => rendered.replace(SGR, '')
    fc.assert(
      fc.property(anyMarkup, anyTerminal, (markup, terminal) => {
        const plain = render(markup, PLAIN)
        for (const colours of DEPTHS) expect(seen(render(markup, on({ colours })))).toBe(plain)
        const solid = (text: string): string => seen(text).replace(/[ \n]/g, '')
        expect(solid(render(markup, terminal))).toBe(solid(plain))
      }),
      { numRuns: 1_000 },
    )
  })

  it("what players say is one line, in nobody's colours but the author's", () => {
    fc.assert(
      fc.property(anyText, (said) => {
        const clean = neutral(said)
        expect(render(`{red}<${escapeMarkup(clean)}>{/}`, on({ colours: '16' }))).toBe(
          `\x1b[31m<${clean}>\x1b[0m`,
        )
      }),
      { numRuns: 2_000 },
    )
  })
})
