import { createDriver, type StreamOffer } from '@mudwire/core'
import { drivenClock, memory } from '@mudwire/core/memory'
import { describe, expect, it } from 'vitest'
import { type Arrival, createInetd, daytime, echo, type Service } from '../src/index.ts'
import { openTown, settle } from './support/town.ts'

describe('inetd', () => {
  it('hands every connection on by an offer and an acquire, as far as the player’s own object', async () => {
    const town = await openTown()
    await town.connect('Ada')
    expect(town.seen).toEqual([
      'offered driver inetd',
      'acquired driver inetd',
      'offered inetd world',
      'acquired inetd world',
      'offered world player:Ada',
      'acquired world player:Ada',
    ])
    expect(town.inetd.services).toMatchObject([
      { service: 'world', transport: 'memory', state: 'open', connections: 0 },
    ])
  })

  const declines: [string, Service['connected'], string][] = [
    ['declines with a sentence', (offer) => offer.decline('Closed on Mondays.'), 'Closed on Mondays.'],
    [
      'declines without one',
      (offer) => offer.decline(),
      'The moody service cannot take your connection. Please try again later.',
    ],
    ['does nothing', () => {}, 'The moody service cannot take your connection. Please try again later.'],
    [
      'settles its promise',
      async () => {},
      'The moody service cannot take your connection. Please try again later.',
    ],
    [
      'throws',
      () => {
        throw new Error('on purpose')
      },
      'The moody service cannot take your connection. Please try again later.',
    ],
    [
      'takes too long',
      () => new Promise(() => {}),
      'The moody service did not answer in time. Please try again later.',
    ],
  ]
  it.each(declines)(
    'keeps a connection whose service %s, tells the peer why, and closes it',
    async (what, connected, text) => {
      const town = await openTown({ service: { name: 'moody', connected } })
      const person = await town.connect()
      person.peer.send('hello?\r\n')
      if (what === 'takes too long') town.clock.advance(5_000)
      await settle(town.clock)
      expect(person.hear()).toEqual([text])
      expect(person.peer.closed).toMatchObject({ code: 'declined', wire: 1013 })
      expect(town.errors).toHaveLength(what === 'throws' ? 1 : 0)
    },
  )

  it('lets a service take its time, and gives it everything that came meanwhile', async () => {
    const seen: string[] = []
    const slow: Service = {
      name: 'slow',
      async connected(offer: StreamOffer<Arrival>) {
        await undefined
        offer.acquire({ line: (text) => seen.push(`${offer.message.service}: ${text}`) })
      },
    }
    const town = await openTown({ service: slow })
    const peer = town.network.dial()
    peer.send('early\r\n')
    await settle(town.clock)
    expect(seen).toEqual(['slow: early'])
  })

  it('keeps to the limit of a service, and takes the next when somebody has left', async () => {
    const town = await openTown({ service: { ...echo, limit: 1 } })
    const first = await town.connect()
    const second = await town.connect()
    expect(second.hear()).toEqual(['The echo service is full right now. Please try again later.'])
    expect(first.type('hello')).toEqual(['hello'])
    first.peer.close()
    await settle(town.clock)
    const third = await town.connect()
    expect(third.type('hello again')).toEqual(['hello again'])
  })

  it('serves one service over several transports, and says where', async () => {
    const clock = drivenClock()
    const inetd = createInetd(createDriver(clock))
    const [one, two] = [memory({ clock }), memory({ clock, shape: 'message' })]
    await inetd.serve(echo, one)
    await inetd.serve(echo, two)
    await expect(inetd.serve(daytime, one)).rejects.toMatchObject({ code: 'EEADDRINUSE' })
    expect(inetd.services.map(({ service, state }) => `${service} ${state}`)).toEqual([
      'echo open',
      'echo open',
    ])
    inetd.close()
    await settle(clock)
    expect(inetd.services.map(({ state }) => state)).toEqual(['closed', 'closed'])
    expect(() => one.dial()).toThrow()
  })
})

describe('the services', () => {
  it('echo sends every byte back, no faster than the peer reads', async () => {
    const town = await openTown({ service: echo })
    const { peer } = await town.connect()
    peer.stall()
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    for (let round = 0; round < 400; round += 1) peer.send(bytes)
    town.clock.run()
    // Past the soft limit echo reads no more, so what the peer sends waits at the peer.
    expect(peer.unsent).toBeGreaterThan(0)
    peer.unstall()
    town.clock.run()
    expect(Buffer.compare(peer.bytes, Buffer.concat(Array.from({ length: 400 }, () => bytes)))).toBe(0)
    expect(town.errors).toEqual([])
  })

  it('daytime says the time, whatever it is sent, and closes', async () => {
    const town = await openTown({ service: daytime })
    const peer = town.network.dial()
    peer.send(new Uint8Array([0xff, 0xfb, 0x1f]))
    await settle(town.clock)
    expect(peer.text).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n$/)
    expect(peer.ended).toBe(true)
  })
})
