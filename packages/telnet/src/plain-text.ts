const decoder = new TextDecoder()

/** C0, DEL, C1, and the marks that turn the direction of text: none of them belongs into a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** What a peer says of itself: cut to `longest` characters, and without anything that could control a terminal or a log. */
export function plainText(bytes: Uint8Array, longest = 64): string {
  return decoder
    .decode(bytes.subarray(0, longest * 4))
    .replace(HOSTILE, '')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}
