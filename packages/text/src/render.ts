import { type ColourDepth, paint, type Style } from './colour.ts'
import { requireCount } from './count.ts'
import { parse, type Span } from './markup.ts'
import { visible } from './neutral.ts'
import { inAscii, isOrnament, type Line, spoken } from './ornament.ts'
import { breakLine, type Cell, cellsOf, fitting, indentIn, LINE_END, type WrapOptions } from './wrap.ts'

/** What is known of a terminal. `@mudwire/telnet` tells it; any other source will do. */
export interface TextTerminal {
  readonly colours: ColourDepth
  /** Undefined where nobody knows: then lines are as long as they are. */
  readonly columns: number | undefined
  /** A screen reader is in use: no colours, no ornaments. */
  readonly screenReader: boolean
  /** It shows UTF-8. Where it does not, lines and boxes of ornaments are drawn with ASCII. */
  readonly utf8: boolean
}

/** A cell with the looks of the piece that it begins in. */
interface StyledCell extends Cell {
  readonly style: Style
}

const PLAIN: Style = {}

function linesOf(spans: readonly Span[]): readonly Line[] {
  let line: Span[] = []
  const lines = [line]
  for (const span of spans) {
    const [first = '', ...others] = span.text.split(LINE_END)
    line.push({ ...span, text: visible(first) })
    for (const text of others) {
      line = [{ ...span, text: visible(text) }]
      lines.push(line)
    }
  }
  return lines
}

/** A mark belongs to its letter even where the markup has come between them, so a line is divided as a whole. */
function styledCells(line: Line, room: number): readonly StyledCell[] {
  const pieces = line.filter(({ text }) => text !== '').values()
  let piece = pieces.next().value
  let pieceEnd = piece?.text.length ?? 0
  let position = 0
  return cellsOf(line.map(({ text }) => text).join(''), room).map(({ text, width }) => {
    while (piece && position >= pieceEnd) {
      piece = pieces.next().value
      pieceEnd += piece?.text.length ?? 0
    }
    position += text.length
    return { text, width, style: piece?.style ?? PLAIN }
  })
}

/**
 * Renders markup to what a terminal can do. Lines are wrapped to its columns and parted by `\n`; colours end where their line
 * ends. Whatever the markup has in it, what comes out has no control character but these line ends and our own SGR.
 *
 * ```ts
 * const { size, ...facts } = terminal(socket)
 * socket.write(render(`{bold}${escapeMarkup(neutral(name))}{/} smiles.\n`, { ...facts, columns: size?.columns }))
 * ```
 *
 * @throws TypeError when `columns` is not undefined, a whole number from 1 on, or Infinity, or `indent` not one from 0 on.
 */
export function render(markup: string, terminal: TextTerminal, { indent = 0 }: WrapOptions = {}): string {
  const columns = terminal.columns ?? Infinity
  requireCount('columns', columns, 1)
  requireCount('indent', indent, 0)
  const inset = indentIn(columns, indent)
  const margin: StyledCell = { text: ' '.repeat(inset), width: inset, style: PLAIN }

  const whole = linesOf(parse(markup))
  const heard = terminal.screenReader ? spoken(whole) : whole
  const lines = terminal.utf8 ? heard : heard.map(inAscii)
  const depth = terminal.screenReader ? 'none' : terminal.colours
  return lines
    .flatMap((line) => {
      const cells = styledCells(line, columns - inset)
      if (isOrnament(line)) return [cells.slice(0, fitting(cells, 0, columns))]
      return breakLine(cells, columns, inset).map((part, index) => (index === 0 ? part : [margin, ...part]))
    })
    .map((line) => paint(line, depth))
    .join('\n')
}
