import {
  constants,
  createDeflate,
  createInflate,
  deflateSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib'
import type { TimeRow } from '../row.ts'
import type { WorkingSide } from '../side.ts'
import { Arrived } from '../sides/arrived.ts'
import { onLine } from '../sides/bare-tcp.ts'
import { story } from '../sides/story.ts'
import { telnetPeer } from '../sides/telnet-peer.ts'

const [IAC, DO, SB, SE, MCCP2, MCCP3] = [255, 253, 250, 240, 86, 87]
const CHUNK = 1_024

/** What a world says in a turn is some 1,000 bytes. All of it together is more than any window, so that nothing repeats. */
const LINES_PER_BURST = 14
const LINES = story(LINES_PER_BURST * 128)
const BURSTS: readonly string[] = Array.from(
  { length: 128 },
  (_, index) => `${LINES.slice(index * LINES_PER_BURST, (index + 1) * LINES_PER_BURST).join('\r\n')}\r\n`,
)
const TEXT = BURSTS.join('')

/** Says a text, and resolves when all of it has come out and can be read. */
type Say = (text: string) => Promise<void>

/** A side that says bursts; what comes out is read once, from the beginning of the stream. */
async function saying(
  connect: (take: (chunk: string | Uint8Array) => void) => Promise<Say>,
): Promise<WorkingSide> {
  let kept: Buffer[] | undefined = []
  const say = await connect((chunk) => kept?.push(Buffer.from(chunk)))
  for (const text of BURSTS) {
    await say(text)
    const sent = inflateSync(Buffer.concat(kept), { finishFlush: constants.Z_SYNC_FLUSH }).toString()
    if (!TEXT.startsWith(sent) || !sent.endsWith(text)) throw new Error('What came out is not what was said.')
  }
  kept = undefined
  return {
    async work(units) {
      for (let done = 0; done < units; done += TEXT.length) for (const text of BURSTS) await say(text)
    },
  }
}

/** A deflater as one writes it by hand: a flush behind what is written in a turn. */
function byHand(options: ZlibOptions): Promise<WorkingSide> {
  return saying(async (take) => {
    const stream = createDeflate({ ...options, flush: constants.Z_SYNC_FLUSH }).on('data', take)
    return (text) => new Promise((resolve) => stream.write(text, () => resolve()))
  })
}

/** What a flush ends with (RFC 1951, an empty block that is stored). */
const FLUSHED = Buffer.from([0, 0, 255, 255])
const BEGINS = Buffer.from([IAC, SB, MCCP2, IAC, SE])

export const telnetMccpOut: TimeRow = {
  name: 'telnet-mccp-out',
  title: 'MCCP2: bursts of 1,000 bytes of text, compressed and flushed, without a network',
  measures: 'time',
  unit: 'byte',
  units: TEXT.length * 6,
  sides: {
    'node:zlib by hand': () => byHand({}),
    'node:zlib by hand, as small as ours': () => byHand({ windowBits: 12, memLevel: 5, chunkSize: 1_024 }),
    mudwire: () =>
      saying(async (take) => {
        const { peer, socket } = await (await telnetPeer({ line() {} })).dial()
        peer.send(Uint8Array.of(IAC, DO, MCCP2))
        while (!Buffer.from(peer.bytes).includes(BEGINS)) await new Promise(setImmediate)
        peer.chunks.length = 0
        return (text) =>
          new Promise((resolve) => {
            peer.onChange = () => {
              const [chunk = ''] = peer.chunks.splice(0)
              // Ours gives out 1,024 bytes at a time, so that a burst comes in one piece.
              if (!Buffer.from(chunk).subarray(-FLUSHED.length).equals(FLUSHED))
                throw new Error('A burst came in more than one piece.')
              take(chunk)
              resolve()
            }
            socket.write(text)
            socket.flush()
          })
      }),
  },
  bars: [{ side: 'mudwire', against: 'node:zlib by hand', most: 1, kind: 'ratio' }],
}

const PIECES: readonly Buffer[] = piecesOf(deflateSync(TEXT))

function piecesOf(whole: Buffer): readonly Buffer[] {
  const count = Math.ceil(whole.length / CHUNK)
  return Array.from({ length: count }, (_, index) => whole.subarray(index * CHUNK, (index + 1) * CHUNK))
}

/** A side that reads lines; `stream` sends it a whole compressed stream, each over a connection of its own. */
async function reading(
  connect: (take: (line: string) => void) => Promise<(pieces: readonly Uint8Array[]) => Promise<void>>,
): Promise<WorkingSide> {
  const arrived = new Arrived()
  const stream = await connect(arrived.came)
  const wanted = LINES.join('')
  const send = (): Promise<void> => stream(PIECES.map((piece) => Uint8Array.from(piece)))
  await arrived.check(wanted, send)
  return {
    async work(units) {
      for (let done = 0; done < units; done += TEXT.length) {
        const all = arrived.expect(wanted.length)
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
  units: TEXT.length * 24,
  sides: {
    'node:zlib by hand': () =>
      reading(async (take) => async (pieces) => {
        const stream = createInflate()
        onLine(stream, take)
        for (const piece of pieces) stream.write(piece)
      }),
    mudwire: () =>
      reading(async (take) => {
        const listening = await telnetPeer({ line: take })
        return async (pieces) => {
          const { peer } = await listening.dial()
          peer.send(Uint8Array.of(IAC, DO, MCCP3, IAC, SB, MCCP3, IAC, SE))
          for (const piece of pieces) peer.send(piece)
        }
      }),
  },
  bars: [],
}
