/** A view of fewer bytes costs more than it saves. */
const WORTH_A_VIEW = 64

/** Is all of it ASCII, and none of it NUL? Then it is the same on the wire, in any charset, and as text. */
export function isPlain(bytes: Uint8Array): boolean {
  if (bytes.length < WORTH_A_VIEW) return areBytesPlain(bytes, 0, bytes.length)
  // All of what arrives is looked at, so it is done by words, which stand at multiples of four.
  const first = -bytes.byteOffset & 3
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, (bytes.length - first) >> 2)
  const last = first + words.length * 4
  return areBytesPlain(bytes, 0, first) && areWordsPlain(words) && areBytesPlain(bytes, last, bytes.length)
}

function areBytesPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number
    if (byte === 0 || byte >= 0x80) return false
  }
  return true
}

/** The highest bit of a byte, in each byte of a word. */
const HIGH = 0x80_80_80_80 | 0
const ONES = 0x01_01_01_01

/** A byte has its highest bit set, or gets it when one is taken from a 0: that borrows, which only a 0 does. */
function areWordsPlain(words: Int32Array): boolean {
  let at = 0
  for (const last = words.length - 3; at < last; at += 4) {
    const one = words[at] as number
    const two = words[at + 1] as number
    const three = words[at + 2] as number
    const four = words[at + 3] as number
    const seen = one | (one - ONES) | two | (two - ONES) | three | (three - ONES) | four | (four - ONES)
    if ((seen & HIGH) !== 0) return false
  }
  for (; at < words.length; at += 1) {
    const one = words[at] as number
    if (((one | (one - ONES)) & HIGH) !== 0) return false
  }
  return true
}
