type Chunk = string | Uint8Array

/** Pieces of a stream, or messages, as one. */
export function bytesOf(chunks: readonly Chunk[]): Uint8Array {
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}

export function textOf(chunks: readonly Chunk[]): string {
  return Buffer.from(bytesOf(chunks)).toString()
}

export function sizeOf(chunks: readonly Chunk[]): number {
  let size = 0
  for (const chunk of chunks) size += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength
  return size
}

/** Bytes of which no two neighbouring pieces are alike, so that a gap, a double and a swap all show. */
export function numbered(size: number): Uint8Array {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32BE(at / 4, at)
  return bytes
}

/** The same bytes in pieces of at most `size`. */
export function pieces(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / size)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}
