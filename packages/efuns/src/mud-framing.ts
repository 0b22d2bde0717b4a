/** A packet begins with the length of its body, big-endian. */
const HEADER_BYTES = 4

const NUL = 0

/** FluffOS's usual `maximum byte transfer`: a longer body is a violation. */
export const MUD_BODY_LIMIT: number = 256 * 1024

const EMPTY: Uint8Array = new Uint8Array()

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A text as a MUD-mode packet: four bytes of length, the text in UTF-8, and a NUL that the length counts. */
export function frameMudPacket(text: string): Uint8Array {
  const body = encoder.encode(text)
  const packet = new Uint8Array(HEADER_BYTES + body.byteLength + 1)
  new DataView(packet.buffer).setUint32(0, body.byteLength + 1)
  packet.set(body, HEADER_BYTES)
  return packet
}

/**
 * How many bytes the packet takes that begins at `offset`, its header included: known as soon as the header is there,
 * whether or not the body is.
 *
 * `'incomplete'`: the header is not there yet. `'violation'`: the length is 0, negative or over `limit` (bytes of body),
 * and nothing behind it can be read.
 */
export function mudPacketLength(
  bytes: Uint8Array,
  offset = 0,
  limit: number = MUD_BODY_LIMIT,
): number | 'incomplete' | 'violation' {
  if (bytes.byteLength - offset < HEADER_BYTES) return 'incomplete'
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES).getInt32(0)
  return length <= 0 || length > limit ? 'violation' : HEADER_BYTES + length
}

/** The text of a whole packet, without the NUL at its end if there is one. Undefined for what is not UTF-8. */
export function mudPacketText(packet: Uint8Array): string | undefined {
  const end = packet.at(-1) === NUL ? packet.byteLength - 1 : packet.byteLength
  try {
    return decoder.decode(packet.subarray(HEADER_BYTES, end))
  } catch {
    return undefined
  }
}

/**
 * What a MUD-mode stream brings: a whole packet, header included, as a view of the memory in which it came; or that it
 * cannot be read any further, and how many bytes had come behind the header that says so.
 */
export type MudFrame =
  | { readonly kind: 'packet'; readonly packet: Uint8Array }
  | { readonly kind: 'violation'; readonly unread: number }

/**
 * Cuts a stream into MUD-mode packets, however its bytes arrive. It holds the bytes of one unfinished packet, and never
 * takes memory for what a header only promises.
 *
 * @example
 * ```ts
 * const frames = new MudFrames()
 * for (const frame of frames.feed(chunk)) {
 *   if (frame.kind === 'violation') socket.close()
 *   else receive(mudPacketText(frame.packet))
 * }
 * ```
 */
export class MudFrames {
  readonly #limit: number
  /** Grows by doubling, so that a packet which arrives byte by byte is not copied for each of them. */
  #memory: Uint8Array = EMPTY
  #used = 0
  #isViolated = false

  /** `limit` is the most bytes that a body may have. */
  constructor(limit: number = MUD_BODY_LIMIT) {
    this.#limit = limit
  }

  /** The bytes of a packet that is not whole yet. */
  get held(): Uint8Array {
    return this.#memory.subarray(0, this.#used)
  }

  /** The frames that these bytes complete. After a violation nothing more comes. */
  feed(chunk: Uint8Array): readonly MudFrame[] {
    if (this.#isViolated) return []
    const bytes = this.#used === 0 ? chunk : this.#append(chunk)
    const frames: MudFrame[] = []
    let at = 0
    for (;;) {
      const length = mudPacketLength(bytes, at, this.#limit)
      if (length === 'violation') {
        this.#isViolated = true
        this.#hold(EMPTY)
        frames.push({ kind: 'violation', unread: bytes.byteLength - at - HEADER_BYTES })
        return frames
      }
      if (length === 'incomplete' || at + length > bytes.byteLength) break
      frames.push({ kind: 'packet', packet: bytes.subarray(at, at + length) })
      at += length
    }
    const isHeldAlready = at === 0 && this.#used > 0
    // A copy, which a Buffer's slice would not be: the chunk's memory may be used again.
    if (!isHeldAlready) this.#hold(new Uint8Array(bytes.subarray(at)))
    return frames
  }

  #append(chunk: Uint8Array): Uint8Array {
    const used = this.#used + chunk.byteLength
    if (used > this.#memory.byteLength) {
      const grown = new Uint8Array(Math.max(used, this.#used * 2))
      grown.set(this.held)
      this.#memory = grown
    }
    this.#memory.set(chunk, this.#used)
    this.#used = used
    return this.held
  }

  #hold(bytes: Uint8Array): void {
    this.#memory = bytes
    this.#used = bytes.byteLength
  }
}
