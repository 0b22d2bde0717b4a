import { once } from 'node:events'
import { constants, createDeflate, createInflate, deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminal } from '../src/index.ts'
import { type Connection, connected, settledAfter, until } from './support/bench.ts'

const [SE, SB, DO, DONT, IAC] = [240, 250, 253, 254, 255] as const
const START_2 = [IAC, SB, 86, IAC, SE]
const START_3 = [IAC, SB, 87, IAC, SE]

/** What stands behind the start of MCCP2. */
function compressedPart({ peer }: Connection): Buffer {
  const wire = Buffer.from(peer.bytes)
  const start = wire.indexOf(Buffer.from(START_2))
  return start < 0 ? Buffer.alloc(0) : wire.subarray(start + START_2.length)
}

/** As much of a stream as can be read so far. */
function inflated(bytes: Uint8Array): string {
  if (bytes.length === 0) return ''
  return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
}

/** What a client has read by now that follows MCCP2 wherever it begins and ends; commands are left out. */
async function followed(bytes: Uint8Array): Promise<string> {
  const wire = Buffer.from(bytes)
  const start = wire.indexOf(Buffer.from(START_2))
  const plain = (part: Buffer): string => part.toString('latin1').replace(/\xff[\xfb-\xfe]./gs, '')
  if (start < 0) return plain(wire)
  const compressed = wire.subarray(start + START_2.length)
  const stream = createInflate({ finishFlush: constants.Z_SYNC_FLUSH })
  const out: Buffer[] = []
  stream.on('data', (chunk) => out.push(chunk))
  stream.end(compressed)
  await once(stream, 'end')
  const rest = compressed.subarray(stream.bytesWritten)
  return plain(wire.subarray(0, start)) + plain(Buffer.concat(out)) + (await followed(rest))
}

describe('MCCP2', () => {
  it('compresses from the very next byte on, with one flush for a burst', async () => {
    const connection = await connected({ promptMarks: false })
    const { socket, clock } = connection
    socket.write('plain ')
    clock.run()
    connection.say(IAC, DO, 86)
    socket.write('one ')
    socket.flush()
    socket.write('two ')
    socket.signal('bell', undefined)
    await until(() => inflated(compressedPart(connection)).length >= 9, clock)
    expect(inflated(compressedPart(connection))).toBe('one two \u0007')
    const flushes = compressedPart(connection).toString('latin1').split('\0\0\xff\xff').length - 1
    expect(flushes).toBe(1)
    expect(settledAfter(connection).compression).toEqual({ sent: true, received: false })
  })

  it('gives a burst to the link in one piece, however much it is', async () => {
    const connection = await connected({ promptMarks: false })
    const { socket, clock, peer } = connection
    connection.say(IAC, DO, 86)
    peer.chunks.length = 0
    let said = ''
    for (let burst = 1; burst <= 12; burst += 1) {
      const text = Array.from({ length: 20 * burst ** 2 }, (_, word) => (word * 7919 * burst) % 8_192).join(
        ' ',
      )
      said += text
      socket.write(text)
      socket.flush()
      await until(() => inflated(Buffer.from(peer.bytes)).length === said.length, clock)
      expect(peer.chunks).toHaveLength(burst)
    }
    expect(inflated(Buffer.from(peer.bytes))).toBe(said)
  })

  it('ends where the client wants it ended, and what follows is plain', async () => {
    const connection = await connected({ promptMarks: false })
    const { socket, clock, peer } = connection
    connection.say(IAC, DO, 86)
    socket.write('inside')
    clock.run()
    connection.say(IAC, DONT, 86)
    socket.write('outside')
    await until(() => Buffer.from(peer.bytes).includes('outside'), clock)
    const part = compressedPart(connection)
    const stream = createInflate()
    const out: Buffer[] = []
    stream.on('data', (chunk) => out.push(chunk))
    const ended = new Promise((resolve) => stream.on('end', resolve))
    stream.end(part)
    await ended
    // The answer to DONT is the last thing that is compressed.
    expect(Buffer.concat(out).toString('latin1')).toBe('inside\xff\xfc\x56')
    expect(part.subarray(stream.bytesWritten).toString()).toBe('outside')
  })

  it('begins and ends as often as the client wants, however fast', async () => {
    const connection = await connected({ promptMarks: false })
    const { socket, clock, peer } = connection
    const said: string[] = []
    const before = peer.bytes.length
    for (const changes of [[DO], [DONT, DO], [DONT], [DO, DONT], [DO, DONT, DO, DONT, DO], [DONT, DO]]) {
      connection.say(...changes.flatMap((verb) => [IAC, verb, 86]))
      said.push(changes.join())
      socket.write(`${said.at(-1)} `)
      clock.run()
    }
    const expected = said.map((text) => `${text} `).join('')
    let read = ''
    while (read.length < expected.length) {
      await new Promise(setImmediate)
      clock.run()
      read = await followed(peer.bytes.subarray(before))
    }
    expect(read).toBe(expected)
    expect(socket.unsent).toBe(0)
    expect(settledAfter(connection).compression).toEqual({ sent: true, received: false })
    connection.say(IAC, DONT, 86)
    expect(terminal(socket).compression.sent).toBe(false)
  })

  it('sends a whole farewell', async () => {
    const connection = await connected()
    const { socket, clock } = connection
    connection.say(IAC, DO, 86)
    const farewell = 'so long, and thanks '.repeat(5_000)
    socket.write(farewell)
    socket.close()
    await until(() => connection.peer.ended, clock)
    expect(inflateSync(compressedPart(connection)).toString()).toBe(farewell)
  })
})

describe('MCCP3', () => {
  it('is read from the byte behind its start, whatever the packets, and plain again behind its end', async () => {
    const stream = deflateSync(Buffer.from(`one\r\ntwo${String.fromCharCode(1)}\r\n`))
    const wire = [...Buffer.from('zero\r\n'), ...START_3, ...stream, ...Buffer.from('three\r\n'), IAC, DO, 6]
    for (let size = 1; size <= wire.length; size += size < 12 ? 1 : 7) {
      const connection = await connected()
      connection.say(IAC, DO, 87)
      connection.sent()
      for (let start = 0; start < wire.length; start += size)
        connection.say(...wire.slice(start, start + size))
      await until(() => connection.sent().includes('WILL 6'), connection.clock)
      expect(connection.heard).toEqual(['zero', 'one', 'two\x01', 'three'])
    }
  })

  it('holds what is compressed back while nobody reads, through a hand-over', async () => {
    const heard: string[] = []
    const connection = await connected({
      handlers: () => ({
        line(text, _info, socket) {
          heard.push(`first ${text}`)
          socket.handle({
            line: (next) => {
              heard.push(`second ${next}`)
            },
          })
          socket.pause()
          later = () => socket.resume()
        },
      }),
    })
    let later: (() => void) | undefined
    connection.say(IAC, DO, 87)
    const deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH })
    deflate.on('data', (chunk: Buffer) => connection.say(...chunk))
    connection.say(...START_3)
    deflate.write('one\r\ntwo\r\nthr')
    await until(() => heard.length === 1, connection.clock)
    deflate.write('ee\r\n')
    await until(() => later !== undefined, connection.clock)
    later?.()
    await until(() => heard.length === 3, connection.clock)
    expect(heard).toEqual(['first one', 'second two', 'second three'])
  })

  it('ends the connection for what is no such stream, and for a bomb', async () => {
    for (const [body, code] of [
      [Buffer.from('this was never compressed'), 'bad-compression'],
      [deflateSync(Buffer.alloc(50 * 1024 * 1024, '\n')), 'compression-bomb'],
    ] as const) {
      const connection = await connected()
      connection.say(IAC, DO, 87)
      connection.say(...START_3)
      connection.peer.send(new Uint8Array(body))
      await until(() => connection.socket.state === 'closed', connection.clock)
      connection.clock.run()
      expect(connection.heard.at(-1)).toEqual(['close', code])
      expect(connection.heard.length).toBeLessThan(200_000)
    }
  })

  it('survives anything in its place, in any pieces', async () => {
    const valid = fc.string({ maxLength: 200 }).map((text) => [...deflateSync(Buffer.from(`${text}\r\n`))])
    const spoiled = fc
      .tuple(valid, fc.nat(), fc.nat(255))
      .map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte))
    const noise = fc.array(fc.nat(255), { maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(valid, spoiled, noise),
        fc.integer({ min: 1, max: 50 }),
        async (body, size) => {
          const connection = await connected()
          connection.say(IAC, DO, 87, ...START_3)
          for (let start = 0; start < body.length; start += size)
            connection.say(...body.slice(start, start + size))
          // The end comes behind all that: either the stream was none, or it is told.
          connection.peer.end()
          await until(() => connection.socket.state === 'closed', connection.clock)
          connection.clock.run()
          expect([
            ['close', 'end'],
            ['close', 'bad-compression'],
          ]).toContainEqual(connection.heard.at(-1))
        },
      ),
    )
  })

  it('does not begin a second time inside of itself', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 87)
    connection.say(...START_3, ...deflateSync(Buffer.from([...START_3, ...Buffer.from('in\r\n')])), 'out\r\n')
    await until(() => connection.heard.length === 2, connection.clock)
    expect(connection.heard).toEqual(['in', 'out'])
  })
})
