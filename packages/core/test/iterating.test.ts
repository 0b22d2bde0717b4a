import { describe, expect, it } from 'vitest'
import type { Socket } from '../src/index.ts'
import { type Bench, connected, settle, setUp } from './support/setup.ts'

/** Reads a socket with `for await` and writes down what came; `each` may end the loop with false. */
function collect<Item>(
  items: AsyncIterable<Item>,
  each: (item: Item) => boolean | undefined | Promise<boolean | undefined> = () => true,
): { readonly seen: Item[]; readonly finished: () => boolean } {
  const seen: Item[] = []
  let finished = false
  void (async () => {
    for await (const item of items) {
      seen.push(item)
      if ((await each(item)) === false) break
    }
    finished = true
  })()
  return { seen, finished: () => finished }
}

async function reading(bench: Bench) {
  return connected(bench, bench.driver.owner('reader'))
}

describe('a socket read with for await', () => {
  it('gives lines in order until the peer has finished, and what is written between arrives before the end', async () => {
    const bench = setUp()
    const { socket, peer } = await reading(bench)
    const { seen, finished } = collect(socket.lines(), (line) => {
      socket.write(`${line}!`)
      return true
    })
    peer.send('one\ntwo\nthr')
    peer.send('ee')
    peer.end()
    await settle(bench)
    await settle(bench)
    expect(seen).toEqual(['one', 'two', 'three'])
    expect(finished()).toBe(true)
    expect(peer.text).toBe('one!two!three!')
    expect(peer.ended).toBe(true)
  })

  it('gives text and bytes as well', async () => {
    const bench = setUp()
    const one = await reading(bench)
    const two = await reading(bench)
    const texts = collect(one.socket.texts())
    const chunks = collect(two.socket.chunks())
    one.peer.drip('é!')
    two.peer.drip('é!')
    await settle(bench)
    await settle(bench)
    expect(texts.seen.join('')).toBe('é!')
    expect(Buffer.concat(chunks.seen).toString()).toBe('é!')
  })

  it('takes nothing that is not waited for, and the peer feels it', async () => {
    const bench = setUp()
    const { socket, peer } = await reading(bench)
    const lines = socket.lines()
    await settle(bench)
    for (let index = 0; index < 10_000; index += 1) peer.send(`line ${index}\n`)
    await settle(bench)
    expect(socket.position.read).toBe(0)
    expect(peer.unsent).toBeGreaterThan(50_000)
    const first = lines.next()
    await settle(bench)
    expect(await first).toEqual({ done: false, value: 'line 0' })
    expect(socket.position.read).toBe('line 0\n'.length)
    const rest = collect(lines)
    while (rest.seen.length < 9_999) await settle(bench)
    expect(rest.seen.at(-1)).toBe('line 9999')
  })

  it('leaves what is held to whoever reads after a break', async () => {
    const bench = setUp()
    const { socket, peer } = await reading(bench)
    const { seen, finished } = collect(socket.lines(), (line) => line !== 'two')
    peer.send('one\ntwo\nthree\nha')
    await settle(bench)
    expect(seen).toEqual(['one', 'two'])
    expect(finished()).toBe(true)
    peer.send('lf\n')
    await settle(bench)
    const later: string[] = []
    socket.handle({ line: (text) => later.push(text) })
    bench.clock.run()
    expect(later).toEqual(['three', 'half'])
  })

  it.each([
    ['the socket is closed', (socket: Socket) => socket.close()],
    ['it is broken off', (socket: Socket) => socket.abort()],
    ['other handlers come', (socket: Socket) => socket.handle({ line: () => {} })],
    ['another loop begins', (socket: Socket) => void socket.lines()],
  ])('ends when %s', async (_what, end) => {
    const bench = setUp()
    const { socket } = await reading(bench)
    const lines = socket.lines()
    const waiting = lines.next()
    end(socket)
    await settle(bench)
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await lines.next()).toEqual({ done: true, value: undefined })
  })

  it('ends when the socket is handed over, and the new owner gets every line that was not taken', async () => {
    const bench = setUp()
    const got: string[] = []
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire({ line: (text) => got.push(text) })),
    })
    const { socket, peer } = await reading(bench)
    const { seen, finished } = collect(socket.lines(), (line) => {
      if (line === 'two') socket.release(taker.ref)
      return true
    })
    peer.send('one\ntwo\nthree\n')
    await settle(bench)
    expect(seen).toEqual(['one', 'two'])
    expect(finished()).toBe(true)
    expect(got).toEqual(['three'])
  })

  it('ends when its owner is destroyed, and when the peer resets', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    const one = await connected(bench, owner)
    const first = one.socket.lines().next()
    owner.destroy()
    expect(await first).toEqual({ done: true, value: undefined })
    const two = await reading(bench)
    const second = two.socket.lines().next()
    two.peer.reset()
    await settle(bench)
    expect(await second).toEqual({ done: true, value: undefined })
  })

  it('holds while the socket is on offer, and goes on when it is declined', async () => {
    const bench = setUp()
    const slow = bench.driver.owner('slow', { offered: () => new Promise(() => {}) })
    const { socket, peer } = await reading(bench)
    const { seen } = collect(socket.lines())
    const result = socket.offer(slow.ref)
    peer.send('held\n')
    await settle(bench)
    expect(seen).toEqual([])
    socket.withdraw()
    await result
    await settle(bench)
    expect(seen).toEqual(['held'])
  })

  it('answers several nexts in their order', async () => {
    const bench = setUp()
    const { socket, peer } = await reading(bench)
    const lines = socket.lines()
    const waiting = Promise.all([lines.next(), lines.next(), lines.next()])
    peer.send('one\ntwo\nthree\nfour\n')
    await settle(bench)
    expect((await waiting).map(({ value }) => value)).toEqual(['one', 'two', 'three'])
    expect(socket.position.read).toBe('one\ntwo\nthree\n'.length)
  })

  it('tells everything else to the handlers that are given with it', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('reader'), undefined, { softLimit: 5 })
    const told: string[] = []
    const { finished } = collect(
      socket.lines({
        signal: (signal: { readonly name: string }) => told.push(signal.name),
        drain: () => told.push('drain'),
        end: (ended: Socket) => {
          told.push('end')
          ended.close()
        },
        close: ({ by }: { readonly by: string }) => told.push(by),
      } as never),
    )
    peer.signal('bell', undefined)
    peer.stall()
    socket.write('12345')
    await settle(bench)
    peer.unstall()
    await settle(bench)
    peer.end()
    await settle(bench)
    expect(told).toEqual(['bell', 'drain', 'end', 'local'])
    expect(finished()).toBe(true)
    expect(() => socket.lines({ line: () => {} } as never)).toThrow(TypeError)
  })
})
