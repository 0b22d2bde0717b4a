import stringWidth from 'string-width'
import { requireCount } from './count.ts'
import { graphemes } from './graphemes.ts'

/** What is never parted when a line is broken. */
export interface Cell {
  readonly text: string
  /** In columns. */
  readonly width: number
}

/** How following lines look. */
export interface WrapOptions {
  /** How many columns the lines that follow are set in; half of the columns at most. 0 if not given. */
  readonly indent?: number
}

/** Colours and attributes, which take no place on the screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what SGR begins with.
const SGR = /(\x1b\[[\d;:]*m)/

/** Any system's. */
export const LINE_END: RegExp = /\r\n|[\r\n]/

/** One character of ASCII, which the general way of measuring would take long for. */
const ASCII = /^[ -~]$/

/** How many columns a text takes on a terminal: wide characters and emoji two, marks and SGR none. */
export function width(text: string): number {
  return stringWidth(text)
}

/** The graphemes of a line. One that is wider than `room`, what the narrowest line has, is parted all the same. */
export function cellsOf(text: string, room: number): readonly Cell[] {
  const cells: Cell[] = []
  for (const grapheme of graphemes(text)) {
    const cell = { text: grapheme, width: ASCII.test(grapheme) ? 1 : width(grapheme) }
    if (cell.width <= room) cells.push(cell)
    else for (const point of grapheme) cells.push({ text: point, width: width(point) })
  }
  return cells
}

const isSpace = (cell: Cell | undefined): boolean => cell?.text === ' '

/** The index behind the last cell that still has room, one cell at least. */
export function fitting(cells: readonly Cell[], start: number, room: number): number {
  let left = room
  let end = start
  for (let cell = cells[end]; cell !== undefined; cell = cells[++end]) {
    left -= cell.width
    if (left < 0) break
  }
  return end === start && start < cells.length ? start + 1 : end
}

/** Where to break a line that has room up to `end`: at the last space between words, or else within the word. */
function breakAt(cells: readonly Cell[], start: number, end: number): number {
  if (isSpace(cells[end])) return end
  let first = start
  while (isSpace(cells[first])) first += 1
  for (let at = end; at > first; at -= 1) {
    if (isSpace(cells[at - 1])) return at
  }
  return end
}

/** Breaks a line of cells. Spaces where it breaks are gone; the indentation is the caller's to draw. */
export function breakLine<C extends Cell>(
  cells: readonly C[],
  columns: number,
  indent: number,
): readonly (readonly C[])[] {
  const lines: (readonly C[])[] = []
  let start = 0
  for (;;) {
    const fits = fitting(cells, start, lines.length === 0 ? columns : columns - indent)
    const at = fits === cells.length ? fits : breakAt(cells, start, fits)
    let next = at
    while (isSpace(cells[next])) next += 1
    let end = at
    if (next < cells.length) while (end > start && isSpace(cells[end - 1])) end -= 1
    lines.push(cells.slice(start, end))
    if (next >= cells.length) return lines
    start = next
  }
}

/** How far following lines can be set in, where there are so many columns: a wide character always has room. */
export function indentIn(columns: number, indent: number): number {
  // Lines without end have none that follow.
  if (columns === Infinity) return 0
  return Math.min(indent, Math.floor(columns / 2), Math.max(0, columns - 2))
}

/**
 * Breaks text into lines by what it takes on the screen, at spaces, and within a word that is longer than a line. Line ends stay,
 * tabs become a space each. SGR stays where it stands; `render` is what ends colours with their line.
 *
 * ```ts
 * wrap('a lantern, a map and an apple', 16, { indent: 2 }) // 'a lantern, a map\n  and an apple'
 * ```
 *
 * @param columns how wide a line may be. In a single column, what takes two still does.
 * @throws TypeError when `columns` is not a whole number from 1 on or Infinity, `indent` not one from 0 on.
 */
export function wrap(text: string, columns: number, { indent = 0 }: WrapOptions = {}): string {
  requireCount('columns', columns, 1)
  requireCount('indent', indent, 0)
  const inset = indentIn(columns, indent)
  return text
    .replaceAll('\t', ' ')
    .split(LINE_END)
    .flatMap((line) => {
      const cells = line
        .split(SGR)
        .flatMap((piece) => (SGR.test(piece) ? [{ text: piece, width: 0 }] : cellsOf(piece, columns - inset)))
      return breakLine(cells, columns, inset).map(
        (part, index) => (index === 0 ? '' : ' '.repeat(inset)) + part.map((cell) => cell.text).join(''),
      )
    })
    .join('\n')
}
