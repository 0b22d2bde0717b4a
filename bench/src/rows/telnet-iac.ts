import { EventEmitter } from 'node:events'
import { TelnetSocket } from 'ranvier-telnet'
import { TelnetInput, TelnetOutput } from 'telnet-stream'
import type { TimeRow } from '../row.ts'
import type { WorkingSide } from '../side.ts'
import { onLine } from '../sides/bare-tcp.ts'
import { LineCount } from '../sides/line-count.ts'
import { telnetPeer } from '../sides/telnet-peer.ts'

const [IAC, NOP, SB, SE, GMCP] = [255, 241, 250, 240, 201]
const LINES = 16
/** So many chunks are sent before the event loop gets its turn. */
const RUN = 16

/**
 * Lines of some 60 bytes with seven telnet sequences in each: a command within words, a 255 that is data, a
 * subnegotiation. `ranvier-telnet` takes the escaped 255 for an unknown command and drops it; otherwise all do the same.
 */
const INPUT = Buffer.concat(
  Array.from({ length: LINES }, () =>
    Buffer.concat([
      Buffer.from('say '),
      ...['hel', 'lo ', 'to ', 'eve', 'ryb'].map((part) => Buffer.from([...Buffer.from(part), IAC, NOP])),
      Buffer.from([IAC, IAC, IAC, SB, GMCP, ...Buffer.from('Core.KeepAlive'), IAC, SE]),
      Buffer.from('ody.\r\n'),
    ]),
  ),
)

/** Bytes of which one in sixteen is a 255. */
const OUTPUT = Buffer.from(
  Array.from({ length: 1_024 }, (_, index) => (index % 16 === 0 ? IAC : 97 + (index % 16))),
)

const turn = (): Promise<void> => new Promise(setImmediate)

/** Gives a chunk to `take` until it was so many bytes: new memory each time, as a socket does. */
async function repeat(chunk: Buffer, bytes: number, take: (chunk: Buffer) => void): Promise<void> {
  for (let count = 1; count <= bytes / chunk.length; count += 1) {
    take(Buffer.from(chunk))
    if (count % RUN === 0) await turn()
  }
}

/** A side that reads lines: `feed` gives it a chunk. */
function reading(count: LineCount, feed: (chunk: Buffer) => void): WorkingSide {
  return {
    async work(units) {
      const done = count.expect((units / INPUT.length) * LINES)
      await repeat(INPUT, units, feed)
      await done
    },
  }
}

/** A stand-in for a socket of `node:net`, which `ranvier-telnet` is made for. */
class StandIn extends EventEmitter {
  sent = 0

  write(data: Buffer): void {
    this.sent += data.length
  }
}

export const telnetIacIn: TimeRow = {
  name: 'telnet-iac-in',
  title: `Lines with seven telnet sequences each: from the wire to the handler, without a network`,
  measures: 'time',
  unit: 'byte',
  units: INPUT.length * 4_000,
  sides: {
    'telnet-stream': () => {
      const count = new LineCount()
      const input = new TelnetInput()
      onLine(input, count.came)
      return reading(count, (chunk) => input.write(chunk))
    },
    'ranvier-telnet': () => {
      const count = new LineCount()
      const connection = new StandIn()
      const socket = new TelnetSocket({ maxInputLength: INPUT.length })
      socket.on('data', (line: Buffer) => count.came(line.toString()))
      socket.attach(connection)
      return reading(count, (chunk) => connection.emit('data', chunk))
    },
    mudwire: async () => {
      const count = new LineCount()
      const { peer } = await (await telnetPeer({ line: count.came })).dial()
      return reading(count, (chunk) => peer.send(chunk))
    },
  },
  bars: [],
}

/** A side that writes; `sent` says how many bytes have come out. */
function writing(write: (chunk: Buffer) => void, sent: () => number, escapes: boolean): WorkingSide {
  return {
    async work(units) {
      const before = sent()
      await repeat(OUTPUT, units, write)
      await turn()
      await turn()
      const wanted = escapes ? units + units / 16 : units
      if (sent() - before !== wanted) throw new Error(`${sent() - before} bytes came out, and not ${wanted}.`)
    },
  }
}

export const telnetIacOut: TimeRow = {
  name: 'telnet-iac-out',
  title: 'Bytes of which one in sixteen is a 255: from write to the wire, without a network',
  measures: 'time',
  unit: 'byte',
  units: OUTPUT.length * 8_000,
  sides: {
    'telnet-stream': () => {
      let sent = 0
      const output = new TelnetOutput()
      output.on('data', (chunk: Buffer) => {
        sent += chunk.length
      })
      return writing(
        (chunk) => output.write(chunk),
        () => sent,
        true,
      )
    },
    'ranvier-telnet, which escapes nothing': () => {
      const connection = new StandIn()
      const socket = new TelnetSocket({ maxInputLength: 512 })
      socket.attach(connection)
      return writing(
        (chunk) => socket.write(chunk),
        () => connection.sent,
        false,
      )
    },
    mudwire: async () => {
      const { peer, socket } = await (await telnetPeer({ line() {} })).dial()
      let sent = 0
      const count = (): number => {
        for (const chunk of peer.chunks.splice(0)) sent += chunk.length
        return sent
      }
      return writing(
        (chunk) => {
          socket.write(chunk)
          if (peer.chunks.length > 64) count()
        },
        count,
        true,
      )
    },
  },
  bars: [{ side: 'mudwire', against: 'telnet-stream', most: 1, kind: 'ratio' }],
}
