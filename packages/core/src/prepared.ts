import { encodeUtf8 } from './environment.ts'
import type { Link } from './transport.ts'
import { utf8Length } from './utf8.ts'

/** A text that is encoded once for each kind of link it is written to: made by `driver.prepare(text)`. */
export interface Prepared {
  /** What was prepared. */
  readonly text: string
  /** Its size in UTF-8, in bytes. */
  readonly size: number
}

/** What may be written to a socket. */
export type Writable = string | Uint8Array | Prepared

export class PreparedText implements Prepared {
  readonly text: string
  readonly size: number
  #encoded: Map<string, Uint8Array> | undefined

  constructor(text: string) {
    this.text = text
    this.size = utf8Length(text)
  }

  /** Writes it to a link, in that link's own encoding. */
  writeTo(link: Link): boolean {
    if (link.encode && link.writeEncoded) return link.writeEncoded(this.#for(link.encoding, link))
    if (link.shape === 'stream' && link.encoding === 'utf8') return link.write(this.#for('utf8', link))
    return link.write(this.text)
  }

  #for(encoding: string, link: Link): Uint8Array {
    this.#encoded ??= new Map()
    let bytes = this.#encoded.get(encoding)
    if (!bytes) {
      bytes = link.encode ? link.encode(this.text) : encodeUtf8(this.text)
      this.#encoded.set(encoding, bytes)
    }
    return bytes
  }
}
