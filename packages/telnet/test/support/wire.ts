const NAMES: Readonly<Record<number, string>> = {
  239: 'EOR',
  240: 'SE',
  241: 'NOP',
  246: 'AYT',
  247: 'EC',
  248: 'EL',
  249: 'GA',
  251: 'WILL',
  252: 'WONT',
  253: 'DO',
  254: 'DONT',
}

/** A decoder of its own, that shares nothing with the one under test: text as it is, commands in words. */
export function plainOf(bytes: Uint8Array): readonly string[] {
  const words: string[] = []
  let data: number[] = []
  const flush = (): void => {
    if (data.length > 0) words.push(Buffer.from(data).toString())
    data = []
  }
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte !== 255) {
      data.push(byte)
      continue
    }
    const command = bytes[++at] as number
    if (command === 255) data.push(255)
    else if (command === 250) {
      flush()
      const option = bytes[++at] as number
      const body: number[] = []
      for (at += 1; !(bytes[at] === 255 && bytes[at + 1] === 240); at += 1) {
        if (at >= bytes.length) return [...words, 'unfinished']
        body.push(bytes[at] as number)
        if (bytes[at] === 255) at += 1
      }
      at += 1
      words.push(
        `SB ${option} ${body.map((item) => (item > 31 && item < 127 ? String.fromCharCode(item) : `<${item}>`)).join('')}`,
      )
    } else {
      flush()
      words.push(command >= 251 ? `${NAMES[command]} ${bytes[++at]}` : (NAMES[command] ?? String(command)))
    }
  }
  flush()
  return words
}

/** Data as a telnet client sends it: 255 doubled, and NUL behind a CR that no LF follows. */
export class WireEncoder {
  #afterCr = false

  encode(bytes: Uint8Array): Uint8Array {
    const wire: number[] = []
    for (const byte of bytes) {
      if (this.#afterCr && byte !== 10) wire.push(0)
      this.#afterCr = byte === 13
      wire.push(byte)
      if (byte === 255) wire.push(255)
    }
    return Uint8Array.from(wire)
  }
}

/** Takes commands out of what a server sends, and gives the data. */
export class WireDecoder {
  #state: 'data' | 'command' | 'option' | 'body' | 'bodyCommand' = 'data'
  #afterCr = false

  decode(bytes: Uint8Array): Uint8Array {
    return bytes.filter((byte) => (this.#state === 'data' ? this.#isData(byte) : this.#isEscaped(byte)))
  }

  #isData(byte: number): boolean {
    if (byte === 255) {
      this.#state = 'command'
      return false
    }
    const isPadding = byte === 0 && this.#afterCr
    this.#afterCr = byte === 13
    return !isPadding
  }

  #isEscaped(byte: number): boolean {
    if (this.#state === 'command') {
      this.#state = byte === 250 ? 'body' : byte > 250 && byte < 255 ? 'option' : 'data'
      if (byte === 255) this.#afterCr = false
      return byte === 255
    }
    if (this.#state === 'option') this.#state = 'data'
    else if (this.#state === 'body') this.#state = byte === 255 ? 'bodyCommand' : 'body'
    else this.#state = byte === 240 ? 'data' : 'body'
    return false
  }
}
