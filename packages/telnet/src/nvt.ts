import { includesByte } from './byte-search.ts'
import { CR, IAC, LF, NUL } from './protocol.ts'

/** What a text becomes on the wire: UTF-8, or Latin-1 for a client that cannot read that. */
export type Charset = 'utf8' | 'latin1'

const encoder = new TextEncoder()

const LONE_CR = /\r(?!\n|$)/g
const LONE_LF = /(?<!\r)\n/g

/** What stands for a character that the client's charset does not have. */
const REPLACEMENT = 63

/**
 * A text with its line ends as RFC 854 has them: a lone LF becomes `CR LF`, a lone CR `CR NUL`. A CR at the very end
 * stays as it is: what it needs depends on what is written next.
 */
export function withLineEnds(text: string): string {
  // What a mudlib writes: one kind of line end, and it is quick to replace.
  const cr = text.indexOf('\r')
  if (cr < 0) return text.replaceAll('\n', '\r\n')
  if (!hasLoneEnd(text, cr)) return text
  return text.replace(LONE_CR, '\r\0').replace(LONE_LF, '\r\n')
}

/** Is there a line end that is not `CR LF`? The first CR stands at `cr`. Searching is quicker than matching. */
function hasLoneEnd(text: string, cr: number): boolean {
  let nextCr = cr
  let lf = text.indexOf('\n')
  while (lf >= 0) {
    if (lf !== nextCr + 1) return true
    nextCr = text.indexOf('\r', lf + 1)
    lf = text.indexOf('\n', lf + 1)
  }
  return nextCr >= 0
}

/** A text as the bytes of the wire. */
export function encodeText(text: string, charset: Charset): Uint8Array {
  const lines = withLineEnds(text)
  // No byte of UTF-8 is 255.
  return charset === 'utf8' ? encoder.encode(lines) : escapeIac(encodeLatin1(lines))
}

/** Bytes as they are on the wire: a 255 is doubled, and a CR without an LF gets its NUL. */
export function encodeBytes(bytes: Uint8Array): Uint8Array {
  return includesByte(bytes, CR) ? withEscapes(bytes, true) : escapeIac(bytes)
}

function escapeIac(bytes: Uint8Array): Uint8Array {
  return includesByte(bytes, IAC) ? withEscapes(bytes, false) : bytes
}

/** Where bytes are escaped, when they fit in: memory of just the right size costs half as much as too much of it. */
const scratch = new Uint8Array(16 * 1024)

function withEscapes(bytes: Uint8Array, withCr: boolean): Uint8Array {
  const most = bytes.length * 2
  const escaped = most > scratch.length ? new Uint8Array(most) : scratch
  let end = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    escaped[end++] = byte
    if (byte === IAC) escaped[end++] = IAC
    else if (withCr && byte === CR && at + 1 < bytes.length && bytes[at + 1] !== LF) escaped[end++] = NUL
  }
  return escaped === scratch ? escaped.slice(0, end) : escaped.subarray(0, end)
}

function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let end = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? REPLACEMENT
    bytes[end++] = code > 0xff ? REPLACEMENT : code
  }
  return bytes.subarray(0, end)
}
