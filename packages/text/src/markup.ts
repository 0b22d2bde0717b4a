import { isColour, type Style } from './colour.ts'

/** What is there for the eye alone: a rule, a box, a picture. */
export interface Ornament {
  /** What a screen reader says instead; empty when there is nothing to say. */
  readonly words: string
}

/** A piece of text that looks the same from end to end. It may have several lines. */
export interface Span {
  readonly text: string
  readonly style: Style
  /** The ornament that it is part of; pieces of one have the same object. */
  readonly ornament?: Ornament
}

/** What a tag opens, and `{/}` closes. */
interface Opened {
  readonly style: Style
  readonly ornament: Ornament | undefined
}

const PLAIN: Opened = { style: {}, ornament: undefined }

/** A tag has no brace inside, so that text which is escaped can neither make one nor end one. */
const TAG = /\{([^{}]*)\}/g

/** Braces as text. */
const LITERALS: ReadonlyMap<string, string> = new Map([
  ['(', '{'],
  [')', '}'],
])

const ATTRIBUTES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ['bold', { bold: true }],
  ['italic', { italic: true }],
  ['underline', { underline: true }],
  ['inverse', { inverse: true }],
])

/** Makes any text safe to stand in markup: {@link parse} gives it back as it is, in the colours around it. */
export function escapeMarkup(text: string): string {
  return text.replace(/[{}]/g, (brace) => (brace === '{' ? '{(}' : '{)}'))
}

function styleOf(word: string): Style | undefined {
  if (isColour(word)) return { foreground: word }
  const background = word.startsWith('on-') ? word.slice(3) : ''
  if (isColour(background)) return { background }
  return ATTRIBUTES.get(word)
}

/** What a tag opens within another, or undefined when it is not a tag that we know. */
function open(tag: string, within: Opened): Opened | undefined {
  const [, words] = /^ornament(?::(.*))?$/s.exec(tag) ?? []
  if (words !== undefined || tag === 'ornament') {
    // The outermost one speaks for all of it.
    return { style: within.style, ornament: within.ornament ?? { words: words?.trim() ?? '' } }
  }
  let style = within.style
  for (const word of tag.split(' ')) {
    const added = styleOf(word)
    if (!added) return undefined
    style = { ...style, ...added }
  }
  return { style, ornament: within.ornament }
}

/**
 * Reads markup. `{red}`, `{bright-red}`, `{#ff8800}`, `{on-blue}`, `{bold}`, `{italic}`, `{underline}`, `{inverse}`, or several with a
 * space between (`{bold red}`), hold until `{/}`. `{ornament}` or `{ornament:a map of the harbour}` marks what is there for the
 * eye alone. `{(}` and `{)}` are braces. Whatever else has braces is text.
 *
 * ```ts
 * parse('A {red}lantern{/}') // [{ text: 'A ', style: {} }, { text: 'lantern', style: { foreground: 'red' } }]
 * ```
 */
export function parse(markup: string): readonly Span[] {
  const spans: Span[] = []
  const outer: Opened[] = []
  let current = PLAIN
  let text = ''
  const enter = (next: Opened): void => {
    const { style, ornament } = current
    if (text !== '') spans.push(ornament ? { text, style, ornament } : { text, style })
    text = ''
    current = next
  }
  let end = 0
  for (const { 0: whole, 1: tag = '', index } of markup.matchAll(TAG)) {
    text += markup.slice(end, index)
    end = index + whole.length
    const closed = tag === '/' ? outer.pop() : undefined
    const opened = open(tag, current)
    if (closed) {
      enter(closed)
    } else if (opened) {
      outer.push(current)
      enter(opened)
    } else {
      text += LITERALS.get(tag) ?? whole
    }
  }
  text += markup.slice(end)
  enter(PLAIN)
  return spans
}
