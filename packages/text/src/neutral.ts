import { requireCount } from './count.ts'
import { graphemes } from './graphemes.ts'

/** Whole sequences of ECMA-48: CSI (colours, cursor, and MXP's `ESC[4z`), then OSC, DCS, SOS, PM and APC. */
const CSI = String.raw`(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]`
const STRING = String.raw`(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])\P{Cc}*(?:\x07|\x1B\\|\x9C)`

/** What parts words, on some terminal or page: it becomes a space. */
const SPACE = String.raw`\r\n|[\t\n\v\f\r\x85\u2028\u2029]`

/** Joins the parts of one emoji. Anywhere else it is an invisible character like the others. */
const EMOJI_JOINER = String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?)\u200D(?=\p{Extended_Pictographic})`

/**
 * Controls, halves of surrogate pairs, annotation marks, and all that Unicode gives no form of its own: directions of
 * writing, zero widths, fillers, tags. The two selectors between emoji and text stay.
 */
const INVISIBLE = String.raw`(?!${EMOJI_JOINER}|[\uFE0E\uFE0F])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]`

const UNSAFE = new RegExp(`(?<space>${SPACE})|${CSI}|${STRING}|${INVISIBLE}`, 'gu')

/** More marks than any script puts on a letter, which would be drawn over the lines around it. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu

/** What starts a sound in clients that speak MSP, wherever wrapping may put it at the start of a line. */
const SOUND_TRIGGER = /(?<!!)!{2,}(?=(?:SOUND|MUSIC)\()/gi

/** The text that can be seen, on one line. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (_match, space?: string) => (space === undefined ? '' : ' '))
}

/** As many whole graphemes as have no more than so many code points together. */
function cut(text: string, limit: number): string {
  // No code point takes less than one unit.
  if (text.length <= limit) return text
  let left = limit
  let end = 0
  for (const grapheme of graphemes(text)) {
    left -= [...grapheme].length
    if (left < 0) break
    end += grapheme.length
  }
  return text.slice(0, end)
}

/**
 * Makes safe what somebody else has written, for terminals, logs and pages: one line of visible text, without spaces at its
 * ends. Gone are control characters (C0, C1, DEL), whole escape sequences, what changes the direction of writing, what has
 * no width, tags and piled-up marks; line ends and tabs become spaces. MSP's `!!SOUND(` and `!!MUSIC(` lose a `!`. MXP's
 * `<` stays: without `ESC[…z` it is text, as long as nobody agrees to MXP. A page still has to escape it as HTML.
 *
 * For markup, put {@link escapeMarkup} around it: `escapeMarkup(neutral(said))`.
 *
 * @param limit how many characters (code points) may stay; a letter and its marks are never cut apart. 1,000 if not given.
 * @throws TypeError when the limit is not a whole number from 1 on, or Infinity.
 */
export function neutral(text: string, limit: number = 1_000): string {
  requireCount('limit', limit, 1)
  const clean = visible(text).replace(PILED_MARKS, '$1').replace(SOUND_TRIGGER, '!').trim()
  return cut(clean, limit).trimEnd()
}
