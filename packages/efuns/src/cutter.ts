import type { LinkSink } from '@mudwire/core'
import { incompleteTail } from '@mudwire/core/internal'
import type { Mode } from './modes.ts'
import { MudFrames } from './mud-framing.ts'
import { VIOLATION } from './signals.ts'

/** Cuts a stream into what one read callback gets. What it cannot give yet it keeps, whoever owns the socket. */
export interface Cutter {
  /** Takes a chunk, and gives the sink what that completes. */
  cut(chunk: Uint8Array, sink: LinkSink): void
  /** The peer has finished: gives the sink what is left. */
  finish(sink: LinkSink): void
}

/** The one for a mode. `maxPacketBytes` is for the body of a MUD-mode packet. */
export function cutterFor({ reads }: Mode, maxPacketBytes: number): Cutter {
  return reads === 'value' ? new PacketCutter(maxPacketBytes) : new PieceCutter(reads === 'text')
}

/** MudOS reads into a buffer of 64 KiB, two bytes of which it keeps to itself. */
const PIECE_BYTES = 65_534
const EMPTY = new Uint8Array()

/** Streams: pieces as they come, none longer than MudOS's, and of text none that ends within a character. */
class PieceCutter implements Cutter {
  readonly #isText: boolean
  /** The beginning of a character. */
  #tail: Uint8Array = EMPTY

  constructor(isText: boolean) {
    this.#isText = isText
  }

  cut(chunk: Uint8Array, sink: LinkSink): void {
    let rest = this.#tail.byteLength === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    for (;;) {
      const most = rest.subarray(0, PIECE_BYTES)
      const piece = this.#isText
        ? most.subarray(0, most.byteLength - incompleteTail(most, 0, most.byteLength))
        : most
      if (piece.byteLength === 0) break
      rest = rest.subarray(piece.byteLength)
      sink.data(piece)
    }
    // A copy, so that three bytes keep no chunk alive.
    this.#tail = rest.byteLength === 0 ? EMPTY : new Uint8Array(rest)
  }

  finish(sink: LinkSink): void {
    if (this.#tail.byteLength > 0) sink.data(this.#tail)
    this.#tail = EMPTY
  }
}

/** MUD mode: whole packets. */
class PacketCutter implements Cutter {
  readonly #frames: MudFrames

  constructor(maxPacketBytes: number) {
    this.#frames = new MudFrames(maxPacketBytes)
  }

  cut(chunk: Uint8Array, sink: LinkSink): void {
    for (const frame of this.#frames.feed(chunk)) {
      if (frame.kind === 'packet') sink.data(frame.packet)
      else sink.signal(VIOLATION, { unread: frame.unread })
    }
  }

  /** A packet that its sender did not finish is nothing. */
  finish(): void {}
}
