import type { Ornament, Span } from './markup.ts'
import { visible } from './neutral.ts'

/** The pieces of one line, in order. */
export type Line = readonly Span[]

/** Lines and blocks of U+2500 to U+259F by their nearest in ASCII, one for one, so that a picture keeps its form. */
const DRAWING: readonly (readonly [drawn: RegExp, ascii: string])[] = [
  [/[─━┄┅┈┉╌╍═╴╶╸╺╼╾]/g, '-'],
  [/[│┃┆┇┊┋╎╏║╵╷╹╻╽╿]/g, '|'],
  [/╱/g, '/'],
  [/╲/g, '\\'],
  [/╳/g, 'X'],
  [/[\u2500-\u257F]/g, '+'],
  [/[\u2580-\u259F]/g, '#'],
]

/** For a terminal that has no more than ASCII for certain. */
export function inAscii(line: Line): Line {
  return line.map((piece) =>
    piece.ornament
      ? { ...piece, text: DRAWING.reduce((text, [drawn, ascii]) => text.replace(drawn, ascii), piece.text) }
      : piece,
  )
}

/** Whether all that a line shows is ornament: then it is cut at the edge of the screen, because wrapping would break it. */
export function isOrnament(line: Line): boolean {
  return (
    line.some((piece) => piece.ornament) &&
    line.every((piece) => piece.ornament !== undefined || piece.text.trim() === '')
  )
}

/** What is read aloud: words for ornaments that have some, where they begin, and no line that had nothing else. */
export function spoken(lines: readonly Line[]): readonly Line[] {
  const said = new Set<Ornament>()
  return lines.flatMap((line) => {
    const pieces = line.flatMap((piece): readonly Span[] => {
      if (!piece.ornament) return [piece]
      if (said.has(piece.ornament)) return []
      said.add(piece.ornament)
      return [{ text: visible(piece.ornament.words), style: {} }]
    })
    const silent = isOrnament(line) && pieces.every(({ text }) => text.trim() === '')
    return silent ? [] : [pieces]
  })
}
