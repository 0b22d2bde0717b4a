import { describe, expect, it } from 'vitest'
import type { ListenerHandlers, Offer, Socket, SocketHandlers } from '../src/index.ts'
import { connected, settle, setUp } from './support/setup.ts'

const boom = (): never => {
  throw new Error('on purpose')
}

describe('a handler that throws', () => {
  const cases: [string, SocketHandlers][] = [
    ['line', { line: boom }],
    ['text', { text: boom }],
    ['bytes', { bytes: boom }],
    ['signal', { line: () => {}, signal: boom }],
    ['end', { line: () => {}, end: boom }],
    ['drain', { line: () => {}, drain: boom }],
    ['close', { line: () => {}, close: boom }],
  ]
  it.each(cases)(
    '%s is reported by name, and disturbs neither its socket nor others',
    async (name, handlers) => {
      const bench = setUp()
      const owner = bench.driver.owner('owner')
      const seen: string[] = []
      const { socket, peer } = await connected(bench, owner, handlers, { softLimit: 5 })
      const other = await connected(bench, owner, { line: (text) => seen.push(text) })
      peer.stall()
      socket.write('12345')
      bench.clock.run()
      peer.unstall()
      bench.clock.run()
      peer.send('x\n')
      peer.signal('bell', undefined)
      other.peer.send('undisturbed\n')
      if (name === 'end') peer.end()
      if (name === 'close') peer.close()
      await settle(bench)
      expect(bench.errors).toMatchObject([
        {
          handler: name,
          error: new Error('on purpose'),
          owner: { name: 'owner' },
          socket: { id: socket.id },
        },
      ])
      expect(socket.state).toBe(name === 'close' ? 'closed' : 'open')
      expect(seen).toEqual(['undisturbed'])
    },
  )

  it('goes on with the rest of the chunk, or closes the socket where the owner says so', async () => {
    for (const onError of ['keep', 'close'] as const) {
      const bench = setUp()
      const seen: string[] = []
      const { socket, peer } = await connected(bench, bench.driver.owner('owner', { onError }), {
        line(text) {
          seen.push(text)
          if (text === 'two') boom()
        },
        close: ({ code }) => seen.push(code),
      })
      socket.write('bye')
      peer.send('one\ntwo\nthree\n')
      await settle(bench)
      expect(seen).toEqual(onError === 'keep' ? ['one', 'two', 'three'] : ['one', 'two', 'handler-threw'])
      expect(peer.text).toBe('bye')
    }
  })

  it('does not close a socket that it has handed over before it threw', async () => {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer: Offer) => void (offer.kind === 'stream' && offer.acquire()),
    })
    const { peer } = await connected(bench, bench.driver.owner('owner', { onError: 'close' }), {
      line(_text, _info, socket) {
        socket.release(taker.ref)
        boom()
      },
    })
    peer.send('go\n')
    await settle(bench)
    expect(taker.size).toBe(1)
    expect(peer.ended).toBe(false)
  })

  const listening: [string, ListenerHandlers][] = [
    ['admit', { admit: boom }],
    ['accepted', { accepted: boom }],
    ['closed', { closed: boom }],
  ]
  it.each(listening)('%s of a listener is reported by name', async (name, handlers) => {
    const bench = setUp()
    const listener = bench.driver.owner('owner').listen(bench.network, handlers)
    await listener.opened
    bench.network.dial()
    expect(listener.state).toBe('open')
    listener.close()
    await settle(bench)
    expect(bench.errors.map(({ handler }) => handler)).toEqual([name === 'closed' ? 'close' : name])
  })

  it('failed of a listener is reported, and the listener lives on', async () => {
    const bench = setUp()
    let fail: ((error: Error) => void) | undefined
    const failed: string[] = []
    const listener = bench.driver.owner('owner').listen(
      {
        name: 'failing',
        listen: async (sink) => {
          fail = (error) => sink.failed(error)
          return { addresses: [], pause() {}, resume() {}, close() {} }
        },
      },
      {
        failed(error) {
          failed.push(error.message)
          if (failed.length === 1) boom()
        },
      },
    )
    await listener.opened
    fail?.(new Error('handshake'))
    fail?.(new Error('again'))
    expect(failed).toEqual(['handshake', 'again'])
    expect(bench.errors.map(({ handler }) => handler)).toEqual(['failed'])
    expect(listener.state).toBe('open')
  })
})

describe('handlers', () => {
  it('are called as methods, with the socket last, so that one object may serve many', async () => {
    const bench = setUp()
    const seen: string[] = []
    class Echo {
      readonly prefix = 'echo '
      line(text: string, _info: unknown, socket: Socket): void {
        seen.push(`${this.prefix}${text} ${socket.id}`)
      }
    }
    const owner = bench.driver.owner('owner')
    const shared = new Echo()
    const one = await connected(bench, owner, shared)
    const two = await connected(bench, owner, shared)
    one.peer.send('a\n')
    two.peer.send('b\n')
    expect(seen).toEqual([`echo a ${one.socket.id}`, `echo b ${two.socket.id}`])
  })

  it('that cannot be meant are a TypeError', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    expect(() => owner.connect(bench.network, { line: () => {}, bytes: () => {} } as never)).toThrow(
      /more than one/,
    )
    expect(() => owner.listen(bench.network, { accepted: 'yes' as never })).toThrow(
      /'accepted' is a function/,
    )
    expect(() => bench.driver.owner('x', { offered: 3 as never })).toThrow(/'offered' is a function/)
    expect(() => bench.driver.owner('')).toThrow(/has a name/)
    const { socket } = await connected(bench, owner)
    expect(() => socket.handle(null as never)).toThrow(/not null/)
    expect(() => socket.handle([] as never)).not.toThrow()
  })

  it('may destroy their owner, and then nothing more is told', async () => {
    const bench = setUp()
    const seen: string[] = []
    const owner = bench.driver.owner('owner')
    const { peer } = await connected(bench, owner, {
      line(text, _info, socket) {
        seen.push(text)
        socket.write('bye')
        owner.destroy()
        owner.destroy()
      },
      close: () => seen.push('close'),
    })
    peer.send('one\ntwo\n')
    await settle(bench)
    expect(seen).toEqual(['one'])
    expect(peer.text).toBe('bye')
    expect(peer.closed?.code).toBe('owner-destroyed')
  })

  it('of another socket wait for their turn when a handler causes them', async () => {
    const bench = setUp()
    const order: string[] = []
    const owner = bench.driver.owner('owner')
    const one = await connected(bench, owner, {
      line() {
        order.push('one begins')
        two.peer.send('x\n')
        order.push('one ends')
      },
    })
    const two = await connected(bench, owner, { line: () => order.push('two') })
    one.peer.send('go\n')
    bench.clock.run()
    expect(order).toEqual(['one begins', 'one ends', 'two'])
  })
})
