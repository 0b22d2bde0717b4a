import { describe, expect, it } from 'vitest'
import type { CloseReason, LineInfo, Socket, SocketHandlers } from '../src/index.ts'
import { connected, settle, setUp } from './support/setup.ts'

const lines = (into: unknown[]): SocketHandlers => ({
  line: (text) => into.push(text),
  close: ({ code }) => into.push(`(${code})`),
})

describe('lines of a stream', () => {
  it('end with LF, CR LF, CR NUL and CR, wherever the chunks are cut', async () => {
    const bench = setUp()
    const seen: unknown[] = []
    const { peer } = await connected(bench, bench.driver.owner('owner'), lines(seen))
    peer.drip('lf\ncrlf\r\ncrnul\r\0cr\rafter\n\n\r\n\0nul\n')
    expect(seen).toEqual(['lf', 'crlf', 'crnul', 'cr', 'after', '', '', '\0nul'])
  })

  it('are told apart from what the peer left unterminated', async () => {
    const bench = setUp()
    const infos: LineInfo[] = []
    const { peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (_text, info) => infos.push(info),
    })
    peer.send('whole\nhalf')
    peer.end()
    expect(infos).toEqual([{ terminated: true }, { terminated: false }])
  })

  it('have a limit, beyond which the peer gets what was written, and a reason', async () => {
    const bench = setUp()
    const closes: CloseReason[] = []
    const seen: string[] = []
    const { socket, peer } = await connected(
      bench,
      bench.driver.owner('owner'),
      { line: (text) => seen.push(text), close: (reason) => closes.push(reason) },
      { lineLimit: 10 },
    )
    socket.write('welcome')
    peer.drip('0123456789\n')
    peer.drip('é'.repeat(5))
    peer.send('\r\n')
    expect(seen).toEqual(['0123456789', 'ééééé'])
    peer.send('0123456789')
    expect(socket.state).toBe('open')
    peer.send('x and more\nnever read\n')
    expect(socket.state).toBe('closing')
    await settle(bench)
    expect(seen).toHaveLength(2)
    expect(peer.text).toBe('welcome')
    expect(peer.closed).toMatchObject({ code: 'line-too-long', wire: 1009 })
    expect(closes).toMatchObject([{ by: 'local', kind: 'overflow', code: 'line-too-long', unread: 32 }])
  })

  it('are the same in a large chunk as in small ones', async () => {
    const bench = setUp()
    const seen: unknown[] = []
    const { peer } = await connected(bench, bench.driver.owner('owner'), lines(seen))
    const expected: string[] = []
    let sent = ''
    for (let size = 0; size < 400; size += 1) {
      const line = `${size} ${[...'é€𝄞x']
        .slice(0, size % 5)
        .join('')
        .repeat(size % 40)}`
      expected.push(line)
      sent += line + (['\n', '\r\n', '\r', '\r\0'][size % 4] as string)
    }
    const long = 'x'.repeat(6_000)
    peer.send(new TextEncoder().encode(`${sent}${long}\nafter\n${sent}`))
    expect(seen).toEqual([...expected, long, 'after', ...expected])
  })

  it('of a chunk stay bytes for whoever reads on in another mode', async () => {
    const bench = setUp()
    const seen: string[] = []
    const byLine: SocketHandlers = {
      line(text, _info, socket) {
        seen.push(`line ${text}`)
        if (text === 'one') socket.handle(byText)
      },
    }
    const byText: SocketHandlers = {
      text(text, socket) {
        seen.push(`text ${text}`)
        socket.handle(byLine)
      },
    }
    const { peer } = await connected(bench, bench.driver.owner('owner'), byLine)
    const [half, rest] = [Uint8Array.of(0xc3), Uint8Array.of(0xa9, 0x0a)]
    peer.send(Uint8Array.of(...new TextEncoder().encode('one\ntwo\nthree\n'), ...half))
    peer.send(rest)
    expect(seen).toEqual(['line one', 'text two\nthree\n', 'line é'])
  })

  it('cost a dripping peer one look at each byte', async () => {
    const bench = setUp()
    const seen: string[] = []
    const { peer } = await connected(
      bench,
      bench.driver.owner('owner'),
      { line: (text) => seen.push(text) },
      { lineLimit: 1e6 },
    )
    const long = 'x'.repeat(200_000)
    peer.drip(`${long}\n`)
    expect(seen).toEqual([long])
  })

  it('let a signal pass that comes in the middle of one', async () => {
    const bench = setUp()
    const seen: unknown[] = []
    const { peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (text) => seen.push(text),
      signal: (signal: { readonly name: string }) => seen.push(signal.name),
    } as SocketHandlers)
    peer.send('lo')
    peer.signal('windowSize', {})
    peer.send('ok\nthen')
    peer.signal('bell', undefined)
    peer.send('\n')
    expect(seen).toEqual(['windowSize', 'look', 'bell', 'then'])
  })
})

describe('a hand-over in the middle', () => {
  async function handOver(
    before: SocketHandlers,
    first: string | Uint8Array,
    after: SocketHandlers,
    second: string | Uint8Array,
  ): Promise<void> {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire(after)),
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), before)
    peer.send(first)
    expect(socket.release(taker.ref)).toEqual({ acquired: true })
    peer.send(second)
    bench.clock.run()
    peer.end()
    await settle(bench)
    expect(bench.errors).toEqual([])
  }

  it('between CR and LF makes no empty line', async () => {
    const seen: unknown[] = []
    await handOver(lines(seen), 'one\r', lines(seen), '\ntwo\r\n')
    expect(seen).toEqual(['one', 'two', '(end)'])
  })

  it('between CR and LF swallows the LF in every mode', async () => {
    const seen: unknown[] = []
    await handOver(lines(seen), 'one\r', { bytes: (bytes) => seen.push([...bytes]) }, '\n\nx')
    expect(seen).toEqual(['one', [10, 120]])
  })

  it('inside a character loses none of it', async () => {
    const seen: unknown[] = []
    const euro = Buffer.from('€')
    await handOver(
      { text: (text) => seen.push(text) },
      euro.subarray(0, 2),
      { text: (text) => seen.push(text) },
      euro.subarray(2),
    )
    expect(seen).toEqual(['€'])
  })

  it('inside a line gives the half line to the new owner, as bytes if it wants bytes', async () => {
    const seen: unknown[] = []
    await handOver(
      lines(seen),
      'whole\nha',
      { bytes: (bytes) => seen.push(Buffer.from(bytes).toString()) },
      'lf\n',
    )
    expect(seen).toEqual(['whole', 'ha', 'lf\n'])
  })
})

describe('messages', () => {
  const message = async (seen: unknown[], handlers: SocketHandlers = lines(seen)) => {
    const bench = setUp({ shape: 'message' })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), handlers)
    return { bench, socket, peer }
  }

  it('end a line with their end, and only once', async () => {
    const seen: unknown[] = []
    const { peer } = await message(seen)
    for (const text of ['one', 'two\n', 'three\r\n', '', '\n', 'a\nb', 'c\n\n', 'd\r', '\ne']) peer.send(text)
    expect(seen).toEqual(['one', 'two', 'three', '', '', 'a', 'b', 'c', '', 'd', '', 'e'])
  })

  it('keep their borders as text and as bytes, the empty ones too', async () => {
    const seen: unknown[] = []
    const { socket, peer } = await message(seen, { text: (text) => seen.push(text) })
    peer.send('a\r\n')
    peer.send('')
    peer.send(Buffer.from('é').subarray(0, 1))
    peer.send(Buffer.from('é').subarray(1))
    socket.handle({ bytes: (bytes) => seen.push([...bytes]) })
    peer.send('é')
    peer.send('')
    expect(seen).toEqual(['a\r\n', '', '\uFFFD', '\uFFFD', [0xc3, 0xa9], []])
  })

  it('may be read as lines first and as bytes from the middle on', async () => {
    const seen: unknown[] = []
    const { peer } = await message(seen, {
      line(text, _info, socket: Socket) {
        seen.push(text)
        socket.handle({ bytes: (bytes) => seen.push(Buffer.from(bytes).toString()) })
      },
    })
    peer.send('one\r\ntwo\nthree')
    expect(seen).toEqual(['one', 'two\nthree'])
  })

  it('are held, not delivered, when they come after a pause, as those of one chunk do', async () => {
    const seen: unknown[] = []
    const { bench, socket, peer } = await message(seen, {
      line(text, _info, reader: Socket) {
        seen.push(text)
        if (text === 'two') reader.pause()
      },
    })
    peer.burst(['one', 'two', 'three', 'four'])
    bench.clock.run()
    expect(seen).toEqual(['one', 'two'])
    socket.resume()
    expect(seen).toEqual(['one', 'two'])
    bench.clock.run()
    expect(seen).toEqual(['one', 'two', 'three', 'four'])
  })

  it('have a limit as lines', async () => {
    const seen: unknown[] = []
    const { bench, peer } = await message(seen)
    peer.send('x'.repeat(8 * 1024))
    peer.send('y'.repeat(8 * 1024 + 1))
    await settle(bench)
    expect(seen).toEqual(['x'.repeat(8 * 1024), '(line-too-long)'])
  })

  it('lone surrogates in a text are what its UTF-8 says', async () => {
    const seen: unknown[] = []
    const { peer } = await message(seen, { text: (text) => seen.push(text) })
    peer.send('a\ud800b')
    expect(seen).toEqual(['a\uFFFDb'])
  })
})

describe('held input', () => {
  it.each([
    ['bytes', 'stream', ['x'.repeat(1024 * 1024), 'y']],
    ['items', 'message', Array.from({ length: 32 * 1024 + 1 }, () => '')],
  ] as const)('has a limit in %s, past which the socket closes', async (_what, shape, chunks) => {
    const bench = setUp({ shape })
    const closes: CloseReason[] = []
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (_text, _info, reader) => reader.pause(),
      close: (reason) => closes.push(reason),
    })
    peer.burst(['first\n', ...chunks])
    expect(socket.state).toBe('closed')
    expect(closes).toEqual([])
    bench.clock.run()
    expect(closes).toMatchObject([{ by: 'local', kind: 'overflow', code: 'overflow' }])
    expect(peer.closed?.kind).toBe('abort')
  })

  it('does not keep a large chunk alive for the sake of half a line', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), { line: () => {} })
    const pinned: WeakRef<ArrayBufferLike>[] = []
    const send = (): void => {
      const chunk = Buffer.alloc(64 * 1024, 'x\n')
      chunk[chunk.length - 1] = 120
      pinned.push(new WeakRef(chunk.buffer))
      peer.send(chunk)
    }
    send()
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(globalThis.gc, 'the tests run with --expose-gc').toBeDefined()
    globalThis.gc?.()
    expect(pinned[0]?.deref() === undefined).toBe(true)
    expect(socket.state).toBe('open')
  })
})

it('sticky signals are kept for later owners, others are not', async () => {
  const bench = setUp({ stickySignals: ['windowSize'] })
  const told: unknown[] = []
  const taker = bench.driver.owner('taker', {
    offered(offer) {
      if (offer.kind !== 'stream') return
      told.push(offer.last('windowSize' as never))
      const socket = offer.acquire({ signal: (signal: unknown) => told.push(signal) } as SocketHandlers)
      told.push(socket?.last('windowSize' as never), socket?.last('bell' as never))
    },
  })
  const { socket, peer } = await connected(bench, bench.driver.owner('owner'), { line: () => {} })
  peer.signal('windowSize', { columns: 80 })
  peer.signal('windowSize', { columns: 132 })
  peer.signal('bell', 1)
  socket.release(taker.ref)
  bench.clock.run()
  expect(told).toEqual([{ columns: 132 }, { columns: 132 }, undefined])
})
