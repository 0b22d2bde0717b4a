import { constants, createDeflate, createInflate, deflateSync, type ZlibOptions } from 'node:zlib'
import type { TimeRow } from '../row.ts'
import type { WorkingSide } from '../side.ts'
import { onLine } from '../sides/bare-tcp.ts'
import { LineCount } from '../sides/line-count.ts'
import { telnetPeer } from '../sides/telnet-peer.ts'

const [IAC, DO, SB, SE, MCCP2, MCCP3] = [255, 253, 250, 240, 86, 87]
const CHUNK = 1_024
/** How much our deflater gives out at a time. */
const PIECE = 1_024

/** What a world says in a turn: some 1,000 bytes of it, never quite the same. */
const BURSTS: readonly string[] = Array.from({ length: 16 }, (_, index) =>
  Array.from(
    { length: 12 },
    (_, line) =>
      `${line * 7919 + index * 104_729}: Stalls stand around a dry fountain, and news travels faster here than ${line}.\r\n`,
  ).join(''),
)
const BYTES = BURSTS.join('').length
const LINES = BURSTS.join('').split('\r\n').length - 1

/** Bursts, one after the other, each waited for. */
function bursts(send: (text: string) => Promise<void>): WorkingSide {
  return {
    async work(units) {
      for (let done = 0; done < units; done += BYTES) for (const text of BURSTS) await send(text)
    },
  }
}

function byHand(options: ZlibOptions): WorkingSide {
  const stream = createDeflate(options)
  let sent = 0
  stream.on('data', (chunk: Buffer) => {
    sent += chunk.length
  })
  return bursts(async (text) => {
    const before = sent
    stream.write(text)
    await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, () => resolve()))
    if (sent === before) throw new Error('Nothing came out.')
  })
}

export const telnetMccpOut: TimeRow = {
  name: 'telnet-mccp-out',
  title: 'MCCP2: bursts of 1,000 bytes of text, compressed and flushed, without a network',
  measures: 'time',
  unit: 'byte',
  units: BYTES * 60,
  sides: {
    'node:zlib by hand': () => byHand({}),
    'node:zlib by hand, as small as ours': () => byHand({ windowBits: 12, memLevel: 5, chunkSize: 1_024 }),
    mudwire: async () => {
      const { peer, socket } = await (await telnetPeer({ line() {} })).dial()
      const arrives = (): Promise<void> =>
        new Promise((resolve) => {
          peer.onChange = resolve
        })
      peer.send(Uint8Array.of(IAC, DO, MCCP2))
      while (!Buffer.from(peer.bytes).includes(Buffer.from([IAC, SB, MCCP2, IAC, SE]))) await arrives()
      return bursts(async (text) => {
        peer.chunks.length = 0
        socket.write(text)
        socket.flush()
        // What one flush gives comes in pieces; the last of them is not whole.
        do await arrives()
        while (peer.chunks.at(-1)?.length === PIECE)
      })
    },
  },
  bars: [],
}

const PLAIN = BURSTS.join('').repeat(40)
const COMPRESSED = deflateSync(PLAIN)
const PIECES: readonly Buffer[] = Array.from({ length: Math.ceil(COMPRESSED.length / CHUNK) }, (_, index) =>
  COMPRESSED.subarray(index * CHUNK, (index + 1) * CHUNK),
)

/** A connection after the other, each with a whole compressed stream of lines. */
function streams(count: LineCount, send: () => Promise<void>): WorkingSide {
  return {
    async work(units) {
      for (let done = 0; done < units; done += PLAIN.length) {
        const all = count.expect(LINES * 40)
        await send()
        await all
      }
    },
  }
}

export const telnetMccpIn: TimeRow = {
  name: 'telnet-mccp-in',
  title: 'MCCP3: lines out of what a client has compressed, without a network',
  measures: 'time',
  unit: 'byte',
  units: PLAIN.length * 4,
  sides: {
    'node:zlib by hand': () => {
      const count = new LineCount()
      return streams(count, async () => {
        const stream = createInflate()
        onLine(stream, count.came)
        for (const piece of PIECES) stream.write(piece)
      })
    },
    mudwire: async () => {
      const count = new LineCount()
      const listening = await telnetPeer({ line: count.came })
      return streams(count, async () => {
        const { peer } = await listening.dial()
        peer.send(Uint8Array.of(IAC, DO, MCCP3, IAC, SB, MCCP3, IAC, SE))
        for (const piece of PIECES) peer.send(Uint8Array.from(piece))
      })
    },
  },
  bars: [],
}
