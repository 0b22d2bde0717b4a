const decoder = new TextDecoder()

/** What controls something, is seen by nobody, or ends a line: none of it belongs into a name. */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** What a peer says of itself: cut to `longest` characters, and without anything that could control a terminal or a log. */
export function plainText(bytes: Uint8Array, longest = 64): string {
  return decoder
    .decode(bytes.subarray(0, longest * 4))
    .replace(HOSTILE, '')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}
