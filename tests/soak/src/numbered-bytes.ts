/*
 * What goes over the connections: records of 16 bytes, each with the number of its connection, its direction and its
 * own number, two characters of several bytes, and one of the four line ends. So every byte says where it belongs, and
 * every split hits something.
 */

/** `<`: from the peer to the owners. `>`: from the owners to the peer. */
export type Direction = '<' | '>'

const RECORD = 16
/** Offsets within a record that are inside of a character, and how far it is to the end of that. */
const INSIDE = new Map([
  [10, 1],
  [12, 2],
  [13, 1],
])
const LINE_ENDS = ['\r\n', '.\n', '.\r', '\r\0'] as const
const NUMBERS = 36 ** 4

/** The bytes of a connection from one position to another. */
export function numberedBytes(connection: number, direction: Direction, from: number, to: number): Buffer {
  const first = Math.floor(from / RECORD)
  const start = `${connection.toString(36).padStart(4, '0')}${direction}`
  let text = ''
  for (let record = first; record * RECORD < to; record += 1) {
    const number = (record % NUMBERS).toString(36).padStart(4, '0')
    text += `${start}${number}é€${LINE_ENDS[record % LINE_ENDS.length]}`
  }
  return Buffer.from(text).subarray(from - first * RECORD, to - first * RECORD)
}

/** The position itself, or the next one that is between two characters. */
export function betweenCharacters(position: number): number {
  return position + (INSIDE.get(position % RECORD) ?? 0)
}

/** Where the bytes that came are not what belongs at `from`; undefined where they are. */
export function firstDifference(
  bytes: Uint8Array,
  connection: number,
  direction: Direction,
  from: number,
): number | undefined {
  const expected = numberedBytes(connection, direction, from, from + bytes.byteLength)
  if (expected.equals(bytes)) return undefined
  const at = expected.findIndex((byte, index) => byte !== bytes[index])
  return from + at
}
