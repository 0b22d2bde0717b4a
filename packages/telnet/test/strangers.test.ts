import { createDriver, type Listener, type Socket } from '@mudwire/core'
import {
  type DrivenClock,
  drivenClock,
  type MemoryPeer,
  type MemoryTransport,
  memory,
} from '@mudwire/core/memory'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerStrangers, telnet } from '../src/index.ts'

interface Port {
  readonly clock: DrivenClock
  readonly network: MemoryTransport
  readonly listener: Listener
  /** What owners have read and been told, one list for each connection in the order of their arrival. */
  readonly heard: string[][]
  readonly sockets: Socket[]
  readonly failures: string[]
  /** A peer connects, and says the pieces, each in a turn of its own. */
  dial(...pieces: (string | Uint8Array)[]): MemoryPeer
}

async function open(): Promise<Port> {
  const clock = drivenClock()
  const network = memory({ clock })
  const driver = createDriver(clock)
  onTestFinished(() => void driver.close({ deadlineMs: 0 }))
  const heard: string[][] = []
  const sockets: Socket[] = []
  const failures: string[] = []
  const listener = driver.owner('server').listen(answerStrangers(network, { http: 'Go elsewhere.', clock }), {
    accepted(offer) {
      const mine: string[] = []
      heard.push(mine)
      const socket = offer.acquire({
        bytes: (bytes) => void mine.push(Buffer.from(bytes).toString('latin1')),
        end: () => void mine.push('(end)'),
        close: ({ code }) => void mine.push(`(${code})`),
      })
      socket?.write('Welcome.')
      if (socket) sockets.push(socket)
    },
    failed: (error) => void failures.push(error.message),
  })
  await listener.opened
  return {
    clock,
    network,
    listener,
    heard,
    sockets,
    failures,
    dial(...pieces) {
      const peer = network.dial()
      clock.run()
      for (const piece of pieces) {
        peer.send(piece)
        clock.run()
      }
      return peer
    },
  }
}

const HELLO = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3)
const ANSWER =
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
  'Content-Length: 14\r\nX-Content-Type-Options: nosniff\r\n\r\n'

describe('an HTTP client', () => {
  it.each([
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /say HTTP/1.0\r\n\r\nsay hello\r\nquit\r\n',
    'OPTIONS * HTTP/1.1\r\n\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\n\r\n',
    'GET http://x/ HTTP/1.1\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    // A page chooses how long its request line is.
    `GET /${'x'.repeat(3_000)}`,
  ])('is told that this is no place for %j, and nobody hears a word of it', async (request) => {
    const port = await open()
    const peer = port.dial(request)
    expect(peer.text).toBe(`${ANSWER}Go elsewhere.\n`)
    expect(peer.ended).toBe(true)
    peer.send('say it again\r\n')
    port.clock.run()
    expect(port.heard).toEqual([])
    expect(port.failures).toEqual(['A peer spoke HTTP where telnet is spoken. It has been told so.'])
  })

  it('gets no body where it has asked for none', async () => {
    const port = await open()
    expect(port.dial('HEAD / HTTP/1.1\r\n\r\n').text).toBe(ANSWER)
  })

  it('is known however its request is cut', async () => {
    const request = 'GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n'
    for (let cut = 1; cut < request.length; cut += 1) {
      const port = await open()
      const peer = port.dial(request.slice(0, cut), request.slice(cut))
      expect(peer.text, `cut at ${cut}`).toBe(`${ANSWER}Go elsewhere.\n`)
      expect(port.heard).toEqual([])
    }
  })

  it('that was let in before it asked is cut off, and nobody hears what it asks', async () => {
    const port = await open()
    const peer = port.dial()
    port.clock.advance(300)
    peer.send('POST / HTTP/1.1\r\n\r\nsay hello\r\n')
    port.clock.run()
    expect(port.heard).toEqual([['(wrong-protocol)']])
    expect(port.sockets[0]?.state).toBe('closed')
  })

  it('that never goes is not kept for ever', async () => {
    const port = await open()
    const peer = port.network.dial({ lazy: true })
    peer.send('GET / HTTP/1.1\r\n\r\n')
    port.clock.advance(4_000)
    expect(peer.closed).toBeUndefined()
    port.clock.advance(2_000)
    expect(peer.closed).toMatchObject({ code: 'reset' })
  })
})

describe('a TLS client', () => {
  it('gets a fatal alert, however its hello is cut', async () => {
    for (let cut = 1; cut < HELLO.length; cut += 1) {
      const port = await open()
      const peer = port.dial(HELLO.slice(0, cut), HELLO.slice(cut))
      expect([...peer.bytes]).toEqual([21, 3, 3, 0, 2, 2, 40])
      expect(peer.ended).toBe(true)
      expect(port.heard).toEqual([])
      expect(port.failures).toEqual(['A peer spoke TLS where telnet is spoken. It has been told so.'])
    }
  })
})

describe('everybody else', () => {
  it.each([
    'GET lamp\r\n',
    'get / HTTP/1.1\r\n',
    'GETTING /\r\n',
    'GET / HTML\r\n',
    'ADA\r\n',
    ' GET / HTTP/1.1\r\n',
    '\r\nGET / HTTP/1.1\r\n',
    `${'A'.repeat(21)} / HTTP/1.1\r\n`,
    Uint8Array.of(22, 4, 1, 2, 0, 1),
    Uint8Array.of(22, 3, 1, 2, 0, 2),
    Uint8Array.of(255, 251, 31),
  ])('is let in at once when they speak first: %j', async (said) => {
    const port = await open()
    const peer = port.dial(said)
    expect(peer.text).toBe('Welcome.')
    expect(port.heard[0]?.join('')).toBe(Buffer.from(said as string).toString('latin1'))
    expect(port.failures).toEqual([])
  })

  it.each([
    ['silent', []],
    ['slow in saying GET', ['G', 'ET /']],
    ['slow in beginning TLS', [HELLO.slice(0, 5)]],
  ] as const)('is let in after 300 ms at most when they are %s', async (_how, pieces) => {
    const port = await open()
    const peer = port.dial(...pieces)
    expect(peer.text).toBe('')
    port.clock.advance(300)
    expect(peer.text).toBe('Welcome.')
    peer.send(' lamp')
    port.clock.run()
    const before = pieces.map((piece) => Buffer.from(piece as string).toString('latin1')).join('')
    expect(port.heard[0]?.join('')).toBe(`${before} lamp`)
  })

  it('gets every byte to whoever owns them, in order, however they come', async () => {
    const piece = fc.oneof(
      fc.constantFrom('GET ', '/ HTT', 'P/', 'A', '\r\n', '\x16', '\x03'),
      fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(piece, fc.constantFrom(0, 50, 400)), { maxLength: 10 }),
        async (said) => {
          const port = await open()
          const peer = port.dial()
          for (const [text, pause] of said) {
            peer.send(Buffer.from(text, 'latin1'))
            port.clock.advance(pause)
          }
          port.clock.advance(300)
          const all = said.map(([text]) => text).join('')
          if (port.failures.length > 0)
            expect(all.replaceAll('\x16\x03', 'TLS')).toMatch(/^(TLS|[A-Z]+ \S+ HTTP\/\d)/)
          else expect(port.heard[0]?.join('') ?? '').toBe(all)
        },
      ),
    )
  })

  it('may end, or be gone, before they are let in', async () => {
    const port = await open()
    const ended = port.dial('GET ')
    ended.end()
    port.clock.run()
    expect(port.heard).toEqual([['GET ', '(end)']])
    const gone = port.dial('GET ')
    gone.reset()
    port.clock.run()
    expect(port.heard[1]).toEqual(['(reset)'])
    const left = port.dial('G')
    left.close()
    port.clock.run()
    expect(port.heard[2]).toEqual(['G', '(end)'])
    expect(port.failures).toEqual([])
  })

  it('is not waited for without bound', async () => {
    const port = await open()
    for (let count = 0; count < 1_000; count += 1) port.network.dial()
    port.clock.run()
    expect(port.heard).toHaveLength(0)
    port.dial()
    expect(port.heard).toHaveLength(1)
    port.clock.advance(300)
    expect(port.heard).toHaveLength(1_001)
  })

  it('is sent away when the listener closes, and nobody hears of them', async () => {
    const port = await open()
    const peer = port.dial('GET ')
    port.listener.close()
    port.clock.run()
    expect(peer.ended).toBe(true)
    port.clock.advance(10_000)
    expect(port.heard).toEqual([])
  })
})

it('telnet says nothing before it is certain that nobody speaks HTTP', async () => {
  const clock = drivenClock()
  const network = memory({ clock })
  const driver = createDriver(clock)
  onTestFinished(() => void driver.close({ deadlineMs: 0 }))
  const listener = driver.owner('server').listen(telnet(answerStrangers(network, { clock }), { clock }), {
    accepted: (offer) => void offer.acquire({ line: () => {} })?.write('Welcome.\n'),
  })
  await listener.opened
  const browser = network.dial()
  const player = network.dial()
  clock.run()
  browser.send('GET / HTTP/1.1\r\n\r\n')
  clock.advance(300)
  expect(browser.text).toMatch(/^HTTP\/1\.1 400 [^\xff]*This port speaks telnet\.\n$/)
  expect([...player.bytes.subarray(0, 2)]).toEqual([255, 253])
  expect(player.text).toContain('Welcome.')
})
