import { isUtf8 } from 'node:buffer'
import { constants, inflateSync } from 'node:zlib'
import type { Side } from './relay.ts'

/* Telnet in words, for people to read. It shares no code with @mudwire/telnet, whose work it describes. */

const [SE, SB, IAC] = [240, 250, 255] as const

const COMMANDS: Readonly<Record<number, string>> = {
  239: 'EOR',
  241: 'NOP',
  243: 'BRK',
  246: 'AYT',
  249: 'GA',
  251: 'WILL',
  252: 'WONT',
  253: 'DO',
  254: 'DONT',
}

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  3: 'SGA',
  6: 'TIMING-MARK',
  24: 'TTYPE',
  25: 'EOR',
  31: 'NAWS',
  32: 'TSPEED',
  34: 'LINEMODE',
  39: 'NEW-ENVIRON',
  42: 'CHARSET',
  70: 'MSSP',
  86: 'MCCP2',
  87: 'MCCP3',
  201: 'GMCP',
}

/** What the first byte of a subnegotiation means. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  TTYPE: ['IS', 'SEND'],
  'NEW-ENVIRON': ['IS', 'SEND', 'INFO'],
  CHARSET: ['0', 'REQUEST', 'ACCEPTED', 'REJECTED'],
  LINEMODE: ['0', 'MODE', 'FORWARDMASK', 'SLC'],
}

/** From where on a side compresses: behind this option's empty subnegotiation. */
const COMPRESSION: Readonly<Record<Side, number>> = { server: 86, client: 87 }

/** Everything that a side has sent, one command or one line of text to a line. */
export function transcript(side: Side, sent: Buffer): readonly string[] {
  const lines: string[] = []
  let text = ''
  const endText = (end: string): void => {
    if (text !== '' || end !== '') lines.push(`${quoted(text)}${end}`)
    text = ''
  }
  let bytes = sent
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    const next = bytes[at + 1] ?? -1
    if (byte === IAC && next !== IAC) {
      endText('')
      const command = readCommand(bytes, at)
      lines.push(command.words)
      at = command.end
      if (command.starts !== COMPRESSION[side]) continue
      lines.push('(compressed from here on)')
      bytes = inflated(bytes.subarray(at))
      at = 0
    } else {
      const end = lineEnd(byte, next)
      if (end) endText(` ${end}`)
      else text += String.fromCharCode(byte)
      at += byte === IAC || end?.includes(' ') ? 2 : 1
    }
  }
  endText('')
  return lines
}

/** A text, given byte for character. */
function quoted(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? JSON.stringify(bytes.toString()) : `${JSON.stringify(text)} in Latin-1`
}

/** The line end that these two bytes begin with, if they do. */
function lineEnd(byte: number, next: number): string | undefined {
  if (byte === 10) return 'LF'
  if (byte !== 13) return undefined
  return next === 10 ? 'CR LF' : next === 0 ? 'CR NUL' : 'CR'
}

interface Command {
  readonly words: string
  readonly end: number
  /** The option whose empty subnegotiation this is. */
  readonly starts?: number | undefined
}

function readCommand(bytes: Buffer, start: number): Command {
  const code = bytes[start + 1] ?? -1
  if (code === SB) {
    const [body, end] = subnegotiation(bytes, start + 2)
    return { words: `IAC SB ${inWords(body)} IAC SE`, end, starts: body.length === 1 ? body[0] : undefined }
  }
  const name = COMMANDS[code] ?? `${code}`
  if (code < 251) return { words: `IAC ${name}`, end: start + 2 }
  return { words: `IAC ${name} ${optionName(bytes[start + 2] ?? -1)}`, end: start + 3 }
}

/** The bytes of a subnegotiation from `start` on, and where it ends. */
function subnegotiation(bytes: Buffer, start: number): readonly [body: readonly number[], end: number] {
  const body: number[] = []
  let at = start
  while (at < bytes.length && !(bytes[at] === IAC && bytes[at + 1] === SE)) {
    body.push(bytes[at] as number)
    at += bytes[at] === IAC ? 2 : 1
  }
  return [body, at + 2]
}

function inWords([option = -1, ...body]: readonly number[]): string {
  const name = optionName(option)
  if (name === 'NAWS') {
    const [w1 = 0, w0 = 0, h1 = 0, h0 = 0] = body
    return `NAWS ${w1 * 256 + w0} ${h1 * 256 + h0}`
  }
  const words = [name]
  const first = FIRST[name]?.[body[0] ?? -1]
  if (first) words.push(first)
  let text = ''
  for (const byte of [...body.slice(first ? 1 : 0), -1]) {
    if (byte >= 32 && byte < 127) text += String.fromCharCode(byte)
    else {
      if (text !== '') words.push(`'${text}'`)
      text = ''
      if (byte >= 0) words.push(`${byte}`)
    }
  }
  return words.join(' ')
}

function optionName(option: number): string {
  return OPTIONS[option] ?? `${option}`
}

/** What was compressed, as far as it has come. */
function inflated(bytes: Buffer): Buffer {
  return bytes.length === 0 ? bytes : inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}
