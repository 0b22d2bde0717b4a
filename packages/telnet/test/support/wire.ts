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
  const wire = Buffer.from(bytes).toString('latin1')
  const words =
    wire.match(
      /\xff\xfa.(?:[^\xff]|\xff\xff)*\xff\xf0|\xff[\xfb-\xfe].|\xff[^\xff]|(?:[^\xff]|\xff\xff)+/gs,
    ) ?? []
  return words.map((word) => (/^\xff[^\xff]/s.test(word) ? commandOf(word) : unescaped(word).toString()))
}

function commandOf(word: string): string {
  const [, command = 0, option = 0] = Buffer.from(word, 'latin1')
  if (command !== 250)
    return word.length > 2 ? `${NAMES[command]} ${option}` : (NAMES[command] ?? `${command}`)
  const body = [...unescaped(word.slice(3, -2))].map((byte) =>
    byte > 31 && byte < 127 ? String.fromCharCode(byte) : `<${byte}>`,
  )
  return `SB ${option} ${body.join('')}`
}

function unescaped(word: string): Buffer {
  return Buffer.from(word.replaceAll('\xff\xff', '\xff'), 'latin1')
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
