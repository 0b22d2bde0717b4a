import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { frame, hear, listenAt, open, rawUpgrade } from './support/scene.ts'

const TEXT = 1
const CLOSE = 8

describe('what breaks the rules', () => {
  it('a message that is too long closes with 1009', async () => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted)
    const client = await open(port)
    client.send('x'.repeat(64 * 1024 + 1))
    const [code] = await once(client, 'close')
    expect(code).toBe(1009)
    expect(heard.closes).toMatchObject([
      { by: 'remote', kind: 'overflow', code: 'message-too-big', wire: 1009 },
    ])
  })

  it('a line that is too long closes with 1009 and a word', async () => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted)
    const client = await open(port)
    client.send('x'.repeat(8 * 1024 + 1))
    const [code, text] = await once(client, 'close')
    expect(code).toBe(1009)
    expect(String(text)).toBe('A line is at most 8192 bytes long.')
    await heard.until(() => heard.closes.length === 1)
    expect(heard.closes).toMatchObject([{ by: 'local', kind: 'overflow', code: 'line-too-long' }])
  })

  it('text that is not UTF-8 closes with 1007, too many fragments with 1008', async () => {
    for (const [frames, wire, code] of [
      [[frame(TEXT, Uint8Array.of(0xff))], 1007, 'invalid-utf8'],
      [
        [frame(TEXT, 'a', false), ...Array.from({ length: 300 }, () => frame(0, 'b', false))],
        1008,
        'too-many-buffered-parts',
      ],
      [[Uint8Array.of(0xff, 0x80, 0, 0, 0, 0)], 1002, 'unexpected-rsv-2-3'],
    ] as const) {
      const heard = hear()
      const { port } = await listenAt(heard.accepted)
      const socket = await rawUpgrade(port)
      socket.write(Buffer.concat(frames))
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(answer[0]).toBe(0x80 | CLOSE)
      expect(answer.readUInt16BE(2)).toBe(wire)
      await heard.until(() => heard.closes.length === 1)
      expect(heard.closes).toMatchObject([{ by: 'remote', kind: 'protocol', code, wire }])
      socket.destroy()
    }
  })
})

describe('the end of a connection', () => {
  const endings: [string, (frames: { write(bytes: Uint8Array): void; end(): void }) => void, object][] = [
    ['a Close', (peer) => peer.write(frame(CLOSE, Uint8Array.of(0x03, 0xe9))), { kind: 'end', wire: 1001 }],
    ['a Close without a code', (peer) => peer.write(frame(CLOSE, '')), { kind: 'end', wire: 1005 }],
    ['FIN between two messages', (peer) => peer.end(), { kind: 'end', wire: 1006 }],
    [
      'FIN within a frame',
      (peer) => {
        peer.write(frame(TEXT, 'cut off').subarray(0, 9))
        peer.end()
      },
      { kind: 'abort', code: 'truncated', wire: 1006 },
    ],
    [
      'FIN between two fragments of a message',
      (peer) => {
        peer.write(frame(TEXT, 'half', false))
        peer.end()
      },
      { kind: 'abort', code: 'truncated', wire: 1006 },
    ],
  ]
  it.each(endings)('%s is told as what it is', async (_what, end, reason) => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted)
    const socket = await rawUpgrade(port)
    socket.write(frame(TEXT, 'hello'))
    end(socket)
    await heard.until(() => heard.closes.length === 1)
    expect(heard.lines).toEqual(['hello'])
    expect(heard.closes).toMatchObject([{ by: 'remote', ...reason }])
    socket.destroy()
  })

  it.each([
    ['nobody acquires it', 1013, undefined],
    ['the driver drains', 1001, 'back soon'],
    ['the owner closes', 1000, undefined],
    ['the owner closes with a code of its own', 4001, 'somebody else logged in'],
  ] as const)('has a code that means something when %s', async (what, code, text) => {
    const heard = hear()
    const { port, driver } = await listenAt(what === 'nobody acquires it' ? () => {} : heard.accepted)
    const client = await open(port)
    const closed = once(client, 'close')
    if (what !== 'nobody acquires it') {
      await heard.until(() => heard.sockets.length === 1)
      if (what === 'the driver drains') void driver.close({ text: 'back soon' })
      else if (what === 'the owner closes') heard.sockets[0]?.close()
      else heard.sockets[0]?.close({ wire: code, text })
    }
    const [wire, reason] = await closed
    expect(wire).toBe(code)
    if (text) expect(String(reason)).toBe(text)
  })
})

describe('a paused socket', () => {
  it('holds the frames that were in the chunk already', async () => {
    const seen: string[] = []
    let resume: (() => void) | undefined
    const { port } = await listenAt((offer) => {
      offer.acquire({
        line(text, _info, socket) {
          seen.push(text)
          if (text !== 'two') return
          socket.pause()
          resume = () => socket.resume()
        },
      })
    })
    const socket = await rawUpgrade(port)
    socket.write(Buffer.concat(['one', 'two', 'three', 'four'].map((text) => frame(TEXT, text))))
    while (!resume) await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual(['one', 'two'])
    resume()
    while (seen.length < 4) await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual(['one', 'two', 'three', 'four'])
    socket.destroy()
  })
})

describe('writes of one turn', () => {
  it('leave in one piece, each its own message', async () => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted)
    const socket = await rawUpgrade(port)
    await heard.until(() => heard.sockets.length === 1)
    const pieces: Buffer[] = []
    socket.on('data', (piece) => pieces.push(piece))
    for (let count = 0; count < 20; count += 1) heard.sockets[0]?.write('twenty')
    while (pieces.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(pieces).toHaveLength(1)
    expect(pieces[0]).toHaveLength(20 * (2 + 6))
    socket.destroy()
  })

  it('are one message where texts are a stream', async () => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted, { text: 'stream' })
    const client = await open(port)
    await heard.until(() => heard.sockets.length === 1)
    for (const text of ['one ', 'two ', 'three']) heard.sockets[0]?.write(text)
    const [message] = await once(client, 'message')
    expect(String(message)).toBe('one two three')
  })
})
