import { EventEmitter } from 'node:events'
import { TelnetSocket } from 'ranvier-telnet'
import { TelnetInput, TelnetOutput } from 'telnet-stream'
import type { TimeRow } from '../row.ts'
import type { WorkingSide } from '../side.ts'
import { Arrived } from '../sides/arrived.ts'
import { onLine } from '../sides/bare-tcp.ts'
import { telnetPeer } from '../sides/telnet-peer.ts'

const [IAC, NOP, SB, SE, GMCP] = [255, 241, 250, 240, 201]
const LINES = 16
/** So many chunks are sent before the event loop gets its turn. */
const RUN = 16

/**
 * Lines of some 60 bytes with seven telnet sequences each: a subnegotiation that nobody has asked for, and that is passed
 * over; five commands that mean nothing, between and within words; a 255 that is data. None of it counts as a storm.
 */
const INPUT = Buffer.concat(
  Array.from({ length: LINES }, () =>
    Buffer.concat([
      Buffer.from([IAC, SB, GMCP, ...Buffer.from('Core.KeepAlive'), IAC, SE]),
      Buffer.from('say '),
      ...['hel', 'lo ', 'to ', 'eve', 'ryb'].map((part) => Buffer.from([...Buffer.from(part), IAC, NOP])),
      Buffer.from([IAC, IAC]),
      Buffer.from('ody.\r\n'),
    ]),
  ),
)
/** What comes of it: the bytes; the texts of its lines, where a 255 is no UTF-8; and both without the 255. */
const BYTES = 'say hello to everyb\xffody.\r\n'.repeat(LINES)
const TEXTS = 'say hello to everyb\ufffdody.'.repeat(LINES)
const TEXTS_WITHOUT = 'say hello to everybody.'.repeat(LINES)

/** Bytes of which one in sixteen is a 255. */
const OUTPUT = Buffer.from(
  Array.from({ length: 1_024 }, (_, index) => (index % 16 === 0 ? IAC : 97 + (index % 16))),
)
const PLAIN = OUTPUT.toString('latin1')
const ESCAPED = PLAIN.replaceAll('\xff', '\xff\xff')

type Take = (data: string | Uint8Array) => void
type Give = (chunk: Buffer) => void

/** A side that is given chunks; `connect` says how, and to whom what comes of a chunk goes. */
async function fed(
  chunk: Buffer,
  wanted: string,
  connect: (take: Take) => Give | Promise<Give>,
): Promise<WorkingSide> {
  const arrived = new Arrived()
  const give = await connect(arrived.came)
  // New memory each time, as from a socket.
  await arrived.check(wanted, () => give(Buffer.from(chunk)))
  return {
    async work(units) {
      const chunks = units / chunk.length
      const all = arrived.expect(chunks * wanted.length)
      for (let count = 1; count <= chunks; count += 1) {
        give(Buffer.from(chunk))
        if (count % RUN === 0) await new Promise(setImmediate)
      }
      await all
    },
  }
}

/** A stand-in for a socket of `node:net`, which `ranvier-telnet` is made for. */
class StandIn extends EventEmitter {
  readonly #take: Take

  constructor(take: Take = () => {}) {
    super()
    this.#take = take
  }

  write(data: string | Buffer): void {
    // It greets with an empty line.
    if (typeof data !== 'string') this.#take(data)
  }
}

export const telnetIacIn: TimeRow = {
  name: 'telnet-iac-in',
  title: 'Lines with seven telnet sequences each: from the wire to the handler, without a network',
  measures: 'time',
  unit: 'byte',
  units: INPUT.length * 4_000,
  sides: {
    'telnet-stream': () =>
      fed(INPUT, BYTES, (take) => {
        const input = new TelnetInput().on('data', take)
        return (chunk) => input.write(chunk)
      }),
    mudwire: () =>
      fed(INPUT, BYTES, async (take) => {
        const { peer } = await (await telnetPeer({ bytes: take })).dial()
        return (chunk) => peer.send(chunk)
      }),
    'telnet-stream, and lines by hand': () =>
      fed(INPUT, TEXTS, (take) => {
        const input = new TelnetInput()
        onLine(input, take)
        return (chunk) => input.write(chunk)
      }),
    'ranvier-telnet, which gives lines, and drops the 255': () =>
      fed(INPUT, TEXTS_WITHOUT, (take) => {
        const connection = new StandIn()
        const socket = new TelnetSocket({ maxInputLength: INPUT.length })
        socket.on('data', (line: Buffer) => take(line.toString()))
        socket.attach(connection)
        return (chunk) => connection.emit('data', chunk)
      }),
    'mudwire, lines': () =>
      fed(INPUT, TEXTS, async (take) => {
        const { peer } = await (await telnetPeer({ line: take })).dial()
        return (chunk) => peer.send(chunk)
      }),
  },
  bars: [
    { side: 'mudwire', against: 'telnet-stream', most: 1, kind: 'ratio' },
    {
      side: 'mudwire, lines',
      against: 'ranvier-telnet, which gives lines, and drops the 255',
      most: 1,
      kind: 'ratio',
    },
  ],
}

export const telnetIacOut: TimeRow = {
  name: 'telnet-iac-out',
  title: 'Bytes of which one in sixteen is a 255: from write to the wire, without a network',
  measures: 'time',
  unit: 'byte',
  units: OUTPUT.length * 8_000,
  sides: {
    'telnet-stream': () =>
      fed(OUTPUT, ESCAPED, (take) => {
        const output = new TelnetOutput().on('data', take)
        return (chunk) => output.write(chunk)
      }),
    'ranvier-telnet, which escapes and then sends what it was given': () =>
      fed(OUTPUT, PLAIN, (take) => {
        const socket = new TelnetSocket({ maxInputLength: 512 })
        socket.attach(new StandIn(take))
        return (chunk) => socket.write(chunk)
      }),
    mudwire: () =>
      fed(OUTPUT, ESCAPED, async (take) => {
        const { peer, socket } = await (await telnetPeer({ bytes() {} })).dial()
        peer.onChange = () => {
          for (const chunk of peer.chunks.splice(0)) take(chunk)
        }
        return (chunk) => void socket.write(chunk)
      }),
  },
  bars: [{ side: 'mudwire', against: 'telnet-stream', most: 1, kind: 'ratio' }],
}
