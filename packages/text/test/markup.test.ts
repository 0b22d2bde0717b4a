import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMarkup, parse } from '../src/index.ts'
import { anyMarkup, anyText } from './text.ts'

const textOf = (markup: string): string =>
  parse(markup)
    .map(({ text }) => text)
    .join('')

describe('parse', () => {
  it('makes spans, which inherit what is around them', () => {
    expect(parse('a {red}b {bold}c{/} d{/} e')).toEqual([
      { text: 'a ', style: {} },
      { text: 'b ', style: { foreground: 'red' } },
      { text: 'c', style: { foreground: 'red', bold: true } },
      { text: ' d', style: { foreground: 'red' } },
      { text: ' e', style: {} },
    ])
  })

  it('takes several words in one tag, which one {/} ends', () => {
    expect(parse('{bold italic underline inverse bright-cyan on-#a0b0c0}x{/}y')).toEqual([
      {
        text: 'x',
        style: {
          bold: true,
          italic: true,
          underline: true,
          inverse: true,
          foreground: 'bright-cyan',
          background: '#a0b0c0',
        },
      },
      { text: 'y', style: {} },
    ])
  })

  it('marks ornaments, with the words for them; the outermost one speaks', () => {
    expect(parse('{ornament: a map }~{red}~{/}{ornament:water}~{/}{/}{ornament}-{/}')).toEqual([
      { text: '~', style: {}, ornament: { words: 'a map' } },
      { text: '~', style: { foreground: 'red' }, ornament: { words: 'a map' } },
      { text: '~', style: {}, ornament: { words: 'a map' } },
      { text: '-', style: {}, ornament: { words: '' } },
    ])
  })

  it.each([
    '{',
    '}',
    '{}',
    '{/}',
    '{Red}',
    '{red',
    '{red,bold}',
    '{red  bold}',
    '{on-}',
    '{#12}',
    '{#ggg}',
    '{/red}',
    '{ornaments}',
    '{red blink}',
  ])('takes %s as text', (text) => {
    expect(parse(`a${text}b`)).toEqual([{ text: `a${text}b`, style: {} }])
  })

  it('gives nothing for nothing', () => {
    expect(parse('')).toEqual([])
    expect(parse('{red}{/}')).toEqual([])
  })
})

describe('escapeMarkup', () => {
  it('gives the text back as one span', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parse(escapeMarkup(text))).toEqual(text === '' ? [] : [{ text, style: {} }])
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives it back within any markup, after any mistake', () => {
    fc.assert(
      fc.property(anyMarkup, anyText, (before, text) => {
        expect(textOf(before + escapeMarkup(text))).toBe(textOf(before) + text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never changes the colours around it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const around = parse(`{red}<${escapeMarkup(text)}>{/}.`)
        expect(around).toEqual([
          { text: `<${text}>`, style: { foreground: 'red' } },
          { text: '.', style: {} },
        ])
      }),
      { numRuns: 1_000 },
    )
  })
})
