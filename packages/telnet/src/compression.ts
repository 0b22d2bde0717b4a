/** Compresses what is sent: MCCP, RFC 1950. */
export interface Deflater {
  /** Bytes that were written and that have not come out yet. */
  readonly pending: number
  /** What is written in one go comes out in one piece, and can be read at once by the peer. */
  write(bytes: Uint8Array): void
  /** Ends the stream; `ended` is called behind its last byte. */
  finish(ended: () => void): void
  /** Frees its memory; nothing comes out any more. */
  destroy(): void
}

/** What a deflater calls, never inside a call that is made on it. */
export interface DeflaterEvents {
  compressed(bytes: Uint8Array): void
  /** Everything that was written has come out. */
  idle(): void
}

/** Decompresses what arrives. */
export interface Inflater {
  /** It has work, or holds some: what arrives behind that must wait. */
  readonly isBusy: boolean
  push(chunk: Uint8Array): void
  /** Gives nothing more out for now, beyond what it has decompressed. */
  pause(): void
  resume(): void
  /** Frees its memory; nothing comes out any more. */
  destroy(): void
}

/** What an inflater calls, never inside a call that is made on it. */
export interface InflaterEvents {
  inflated(bytes: Uint8Array): void
  /** All that was pushed has come out. */
  idle(): void
  /** The stream has ended; the rest is not compressed any more. */
  ended(rest: Uint8Array): void
  /** It is no such stream, or one that would fill the memory. */
  failed(code: 'bad-compression' | 'compression-bomb'): void
}

/** Where compression comes from. */
export interface Codec {
  deflater(events: DeflaterEvents): Deflater
  inflater(events: InflaterEvents): Inflater
}
