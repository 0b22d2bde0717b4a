import { describe, expect, it } from 'vitest'
import type { DatagramSocket, Listener, Owner, Socket } from '../src/index.ts'
import { connected, setUp } from './support/setup.ts'

const dead = expect.objectContaining({
  name: 'SocketError',
  code: 'EESECURITY',
  message: expect.stringContaining('is dead'),
})

/** What every kind of handle can do. */
function methodsOfAll(taker: Owner): Record<string, (used: Socket | Listener | DatagramSocket) => unknown> {
  return {
    pause: (used) => used.pause(),
    resume: (used) => used.resume(),
    handle: (used) => used.handle({}),
    release: (used) => used.release(taker.ref),
    offer: (used) => used.offer(taker.ref),
    withdraw: (used) => used.withdraw(),
    close: (used) => used.close(),
  }
}

describe('a dead handle', () => {
  it('on a socket throws from every method, and still tells the facts', async () => {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire()),
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    const { writer, id } = socket
    socket.release(taker.ref)
    const methods: Record<string, (used: Socket) => unknown> = {
      write: (used) => used.write('x'),
      signal: (used) => used.signal('bell' as never, undefined as never),
      flush: (used) => used.flush(),
      ...methodsOfAll(taker),
      last: (used) => used.last('windowSize' as never),
      abort: (used) => used.abort(),
    }
    for (const [name, call] of Object.entries(methods)) expect(() => call(socket), name).toThrow(dead)
    expect(() => writer.write('x')).toThrow(dead)
    expect(() => writer.signal('bell' as never, undefined as never)).toThrow(dead)
    expect([socket.state, socket.writable, writer.alive, writer.writable]).toEqual([
      'revoked',
      false,
      false,
      false,
    ])
    expect([socket.id, socket.transport, socket.remote?.family]).toEqual([id, 'memory', 'memory'])
    // Leaving a block that held it is not a use.
    expect(() => socket[Symbol.dispose]()).not.toThrow()
    // What throws is said before any policy is asked, and changes nothing for the new owner.
    expect(taker.size).toBe(1)
  })

  it('on a listener throws from every method', async () => {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'listener' && offer.acquire()),
    })
    const listener = bench.driver.owner('owner').listen(bench.network)
    await listener.opened
    listener.release(taker.ref)
    const methods: Record<string, (used: Listener) => unknown> = {
      accept: (used) => used.accept(),
      ...methodsOfAll(taker),
    }
    for (const [name, call] of Object.entries(methods)) expect(() => call(listener), name).toThrow(dead)
    expect(listener.state).toBe('revoked')
    expect(listener.addresses).toEqual([{ family: 'memory', address: 'memory' }])
    expect(() => listener[Symbol.dispose]()).not.toThrow()
  })

  it('on a datagram socket throws from every method', async () => {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'datagram' && offer.acquire()),
    })
    const socket = bench.driver.owner('owner').bind(bench.network)
    const address = await socket.opened
    socket.release(taker.ref)
    const methods: Record<string, (used: DatagramSocket) => unknown> = {
      send: (used) => used.send('x', address),
      ...methodsOfAll(taker),
    }
    for (const [name, call] of Object.entries(methods)) expect(() => call(socket), name).toThrow(dead)
    expect([socket.state, socket.local, socket.dropped]).toEqual(['revoked', address, 0])
    expect(() => socket[Symbol.dispose]()).not.toThrow()
    expect(taker.size).toBe(1)
  })
})
