import { describe, expect, it } from 'vitest'
import { createDriver, formatAddress, ipAddress, SocketError } from '../src/index.ts'
import { memory } from '../src/memory/index.ts'
import { connected, listenWith, settle, setUp } from './support/setup.ts'

describe('closing a driver', () => {
  it('stops listening, sends what was written, and resolves when everybody has heard', async () => {
    const bench = setUp()
    const told: string[] = []
    const owner = bench.driver.owner('owner')
    await listenWith(bench, owner, (offer) => void offer.acquire())
    const { socket, peer } = await connected2(bench, owner, told)
    socket.write('see you')
    const done = bench.driver.close({ text: 'restart' }).then(() => told.push('done'))
    expect(() => bench.network.dial()).toThrow()
    await settle(bench)
    await done
    expect(peer.text).toBe('see you')
    expect(peer.closed).toMatchObject({ code: 'driver-closed', text: 'restart', wire: 1001 })
    expect(told).toEqual(['driver-closed', 'done'])
  })

  it('aborts who has not read everything by the deadline', async () => {
    const bench = setUp()
    const told: string[] = []
    const { socket, peer } = await connected2(bench, bench.driver.owner('owner'), told)
    peer.stall()
    socket.write('never read')
    const done = bench.driver.close({ deadlineMs: 500 })
    bench.clock.advance(499)
    expect(socket.state).toBe('closing')
    bench.clock.advance(1)
    await settle(bench)
    await done
    expect(told).toEqual(['drain-timeout'])
    expect(peer.closed?.kind).toBe('abort')
  })

  it('resolves at once when there is nothing to close', async () => {
    await using driver = createDriver()
    await driver.close()
  })
})

async function connected2(
  bench: ReturnType<typeof setUp>,
  owner: ReturnType<typeof bench.driver.owner>,
  told: string[],
) {
  const own = memory({ clock: bench.clock })
  return connected({ ...bench, network: own }, owner, {
    line: () => {},
    close: ({ code }) => told.push(code),
  })
}

describe('connecting', () => {
  it('reaches a listener of another driver, and both sides talk', async () => {
    const network = memory()
    await using server = createDriver()
    await using client = createDriver()
    const listener = server.owner('server').listen(network, {
      accepted: (offer) => void offer.acquire({ line: (text, _info, socket) => socket.write(`${text}!\n`) }),
    })
    await listener.opened
    const answer = new Promise<string>((resolve) => {
      const socket = client.owner('client').connect(network, { line: resolve })
      socket.write('hello\n')
    })
    expect(await answer).toBe('hello!')
  })

  it('waits without end where the deadline is Infinity', async () => {
    const bench = setUp()
    const socket = bench.driver
      .owner('owner')
      .connect(bench.network, undefined, { deadlineMs: Number.POSITIVE_INFINITY })
    await settle(bench)
    bench.clock.advance(24 * 60 * 60 * 1000)
    await settle(bench)
    expect(socket.state).toBe('connecting')
  })

  it('has a deadline, and can be stopped', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    const late = owner.connect(bench.network, undefined, { deadlineMs: 100 })
    await settle(bench)
    bench.clock.advance(100)
    await expect(late.opened).rejects.toMatchObject({ code: 'EECONNECT', message: /within 100 ms/ })
    const controller = new AbortController()
    const stopped = owner.connect(bench.network, undefined, { signal: controller.signal })
    await settle(bench)
    controller.abort()
    await expect(stopped.opened).rejects.toMatchObject({ code: 'EECONNECT' })
    expect(bench.network.calling).toBe(0)
    const never = owner.connect(bench.network, undefined, { signal: AbortSignal.abort() })
    await expect(never.opened).rejects.toBeInstanceOf(SocketError)
  })

  it('may be handed over before there is a connection', async () => {
    const bench = setUp()
    const seen: string[] = []
    const taker = bench.driver.owner('taker', {
      offered(offer) {
        if (offer.kind !== 'stream') return
        expect(offer.remote).toBeUndefined()
        const socket = offer.acquire({ line: (text) => seen.push(text) })
        socket?.opened.then((local) => seen.push(local.address))
        socket?.write('from the new owner')
      },
    })
    const socket = bench.driver.owner('owner').connect(bench.network)
    socket.write('from the old owner, ')
    await settle(bench)
    expect(socket.release(taker.ref)).toEqual({ acquired: true })
    const peer = bench.network.answer()
    await settle(bench)
    peer.send('welcome\n')
    expect(peer.text).toBe('from the old owner, from the new owner')
    expect(seen).toEqual(['memory-1', 'welcome'])
  })

  it('is impossible for a transport that only listens', () => {
    const bench = setUp()
    expect(() => bench.driver.owner('owner').connect({ name: 'deaf' })).toThrow(/'deaf' cannot connect/)
  })
})

it('formats addresses for people', () => {
  expect(formatAddress({ family: 'IPv4', address: '127.0.0.1', port: 4000 })).toBe('127.0.0.1:4000')
  expect(formatAddress({ family: 'IPv6', address: '::1', port: 4000 })).toBe('[::1]:4000')
  expect(formatAddress({ family: 'memory', address: 'memory' })).toBe('memory')
})

it('tells an IPv4 peer of a dual-stack socket as what it is', () => {
  expect(ipAddress('::ffff:10.0.0.1', 1)).toEqual({ family: 'IPv4', address: '10.0.0.1', port: 1 })
  expect(ipAddress('::1', 1)).toEqual({ family: 'IPv6', address: '::1', port: 1 })
  expect(ipAddress('10.0.0.1', 1)).toEqual({ family: 'IPv4', address: '10.0.0.1', port: 1 })
})
