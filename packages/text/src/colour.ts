import ansi from 'ansi-styles'

/** How many colours a terminal has: none, the 16 of ANSI, 256, or all of them. */
export type ColourDepth = 'none' | '16' | '256' | 'true'

/** The eight that each have a brighter half. */
export type BasicColour = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white'

/** One of the 16 colours that every terminal has, and whose tone its user chooses. */
export type NamedColour = BasicColour | `bright-${BasicColour}`

/** A named colour, or `#rrggbb`, which becomes the nearest that the terminal has. */
export type Colour = NamedColour | `#${string}`

/** How a piece of text looks. */
export interface Style {
  readonly foreground?: Colour
  readonly background?: Colour
  readonly bold?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  readonly inverse?: boolean
}

/** In the order of their codes. */
const BASIC: readonly BasicColour[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/** The codes of SGR that set a foreground, ECMA-48 8.3.117 and, from 90 on, aixterm's. */
const NAMED: ReadonlyMap<string, number> = new Map(
  BASIC.flatMap((name, index) => [[name, 30 + index] as const, [`bright-${name}`, 90 + index] as const]),
)

/** From a foreground's code to the background's. */
const BACKGROUND = 10

/** Ends all colours and attributes. */
const RESET = '\x1b[0m'

/** Whether a word of markup is a colour: `red`, `bright-red`, `#f80`, `#ff8800`. */
export function isColour(word: string): word is Colour {
  return NAMED.has(word) || /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(word)
}

function colourCodes(colour: Colour, depth: ColourDepth, offset: number): string {
  const named = NAMED.get(colour)
  if (named !== undefined) return String(named + offset)
  if (depth === '16') return String(ansi.hexToAnsi(colour) + offset)
  if (depth === '256') return `${38 + offset};5;${ansi.hexToAnsi256(colour)}`
  return `${38 + offset};2;${ansi.hexToRgb(colour).join(';')}`
}

function codesOf(style: Style, depth: ColourDepth): string {
  const codes: string[] = []
  if (style.bold) codes.push('1')
  if (style.italic) codes.push('3')
  if (style.underline) codes.push('4')
  if (style.inverse) codes.push('7')
  if (style.foreground) codes.push(colourCodes(style.foreground, depth, 0))
  if (style.background) codes.push(colourCodes(style.background, depth, BACKGROUND))
  return codes.join(';')
}

/** A line of text in the colours that a terminal has. They end where the line ends. */
export function paint(
  pieces: Iterable<{ readonly text: string; readonly style: Style }>,
  depth: ColourDepth,
): string {
  let line = ''
  let current = ''
  let last: Style | undefined
  for (const { text, style } of pieces) {
    // Neighbours mostly share their style.
    const codes = depth === 'none' ? '' : style === last ? current : codesOf(style, depth)
    last = style
    if (codes !== current) {
      if (current !== '') line += RESET
      if (codes !== '') line += `\x1b[${codes}m`
      current = codes
    }
    line += text
  }
  return current === '' ? line : line + RESET
}
