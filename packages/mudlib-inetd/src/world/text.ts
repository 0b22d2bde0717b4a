/**
 * What must not get from one player to another's terminal: C0 and C1 controls with ESC and DEL, the line and paragraph
 * separators, and what changes the direction of writing or hides characters.
 */
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu

/** The longest line that one player may make others read, in characters. */
const LONGEST = 1_000

/** Makes safe what a player has typed: one line of visible text. */
export function cleanLine(text: string): string {
  return [...text.replace(/\t/g, ' ').replace(UNSAFE, '')].slice(0, LONGEST).join('').trim()
}

/** The end of a line on the network, whatever the transport. */
export const EOL = '\r\n'

/** Joins names as a sentence does: `a lantern, a map and an apple`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}
