import { describe, expect, it } from 'vitest'
import type { CloseReason, EndpointInfo, Socket } from '../src/index.ts'
import { connected, listenWith, settle, setUp } from './support/setup.ts'

describe('a lingering close', () => {
  it('gives a slow reader its whole farewell, though it has sent what nobody read', async () => {
    const bench = setUp()
    const farewell = 'sorry '.repeat(40_000)
    let closed: CloseReason | undefined
    await listenWith(bench, bench.driver.owner('inetd', {}), (offer) => {
      const socket = offer.acquire({ close: (reason) => (closed = reason) })
      socket?.write(farewell)
      socket?.close({ code: 'full', text: 'no room' })
    })
    const peer = bench.network.dial({ stalled: true })
    peer.send('hello\nare you there\n')
    bench.clock.advance(25_000)
    expect(peer.text).toBe('')
    peer.unstall()
    await settle(bench)
    expect(peer.text === farewell).toBe(true)
    expect(peer.ended).toBe(true)
    expect(peer.closed).toMatchObject({ kind: 'end', code: 'full', text: 'no room' })
    expect(closed).toMatchObject({ by: 'local', kind: 'end', code: 'full' })
  })

  it('is cut off after 30 seconds when the peer does not read', async () => {
    const bench = setUp()
    const closes: CloseReason[] = []
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      close: (reason) => closes.push(reason),
    })
    peer.stall()
    socket.write('never read')
    socket.close()
    bench.clock.advance(29_000)
    expect(socket.state).toBe('closing')
    bench.clock.advance(2_000)
    expect(closes).toEqual([{ by: 'local', kind: 'timeout', code: 'linger-timeout', unsent: 10 }])
    expect(peer.closed?.kind).toBe('abort')
  })

  it('waits two seconds for the end of a peer that has everything', async () => {
    const bench = setUp()
    const closes: CloseReason[] = []
    const { socket, peer } = await connected(
      bench,
      bench.driver.owner('owner'),
      { close: (reason) => closes.push(reason) },
      {},
      { lazy: true },
    )
    socket.write('read')
    socket.close()
    bench.clock.advance(1_900)
    expect(peer.text).toBe('read')
    expect(socket.state).toBe('closing')
    bench.clock.advance(2_200)
    expect(closes).toEqual([{ by: 'local', kind: 'end', code: 'closed' }])
  })

  it('of a link that nobody acquired is watched as well', async () => {
    const bench = setUp()
    const listener = bench.driver.owner('inetd').listen(bench.network, {}, { queueLimit: 1 })
    await listener.opened
    bench.network.dial()
    const peer = bench.network.dial({ lazy: true })
    expect(peer.ended).toBe(true)
    bench.clock.advance(4_000)
    expect(peer.closed?.kind).toBe('end')
    expect(peer.closed?.code).toBe('queue-full')
  })
})

describe('the end of the peer', () => {
  it('leaves the socket writable where the owner has a handler for it', async () => {
    const bench = setUp()
    const seen: string[] = []
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (text) => seen.push(text),
      end(writer) {
        seen.push('end')
        writer.write('echo after the end')
        writer.close()
      },
      close: ({ by }) => seen.push(`close ${by}`),
    })
    peer.send('last')
    peer.end()
    await settle(bench)
    expect(seen).toEqual(['last', 'end', 'close local'])
    expect(peer.text).toBe('echo after the end')
    expect(socket.state).toBe('closed')
  })

  it('is a clean close on a link without half-close', async () => {
    const bench = setUp({ halfClose: false })
    const seen: string[] = []
    const { peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (text) => seen.push(text),
      end: () => seen.push('end'),
      close: ({ by, kind }) => seen.push(`close ${by} ${kind}`),
    })
    peer.send('last')
    peer.end()
    await settle(bench)
    expect(seen).toEqual(['last', 'close remote end'])
  })
})

describe('an offer at the moment when its socket ends', () => {
  it('gives the acquirer three lines and the end that came during the offer', async () => {
    const bench = setUp()
    let late: (() => Socket | undefined) | undefined
    const seen: string[] = []
    const target = bench.driver.owner('target', {
      offered(offer) {
        late = () =>
          offer.kind === 'stream'
            ? offer.acquire({ line: (text) => seen.push(text), end: () => seen.push('end') })
            : undefined
        return new Promise(() => {})
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (text) => seen.push(`old ${text}`),
    })
    const result = socket.offer(target.ref)
    peer.send('one\ntwo\nthree\n')
    peer.end()
    await settle(bench)
    late?.()
    expect(await result).toEqual({ acquired: true })
    await settle(bench)
    expect(seen).toEqual(['one', 'two', 'three', 'end'])
  })

  it('is EEBADF when the peer resets, and the owner hears of it', async () => {
    const bench = setUp()
    const seen: string[] = []
    let owner: EndpointInfo['owner']
    const target = bench.driver.owner('target', {
      offered(offer) {
        owner = offer.from
        return new Promise(() => {})
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      line: () => {},
      close: ({ code, unread }) => seen.push(`${code} ${unread}`),
    })
    const result = socket.offer(target.ref)
    peer.send('unread')
    peer.reset()
    expect(await result).toEqual({ acquired: false, code: 'EEBADF', reason: 'reset', owned: false })
    await settle(bench)
    expect(owner?.name).toBe('owner')
    // Reading was held, so what the peer had sent never left the network.
    expect(seen).toEqual(['reset undefined'])
  })
})

it('a socket is closed by `using` at the end of its block', async () => {
  const bench = setUp()
  const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
  {
    using held = socket
    held.write('in the block')
  }
  await settle(bench)
  expect(peer.text).toBe('in the block')
  expect(peer.ended).toBe(true)
})
