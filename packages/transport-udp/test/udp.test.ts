import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { createDriver, type Driver } from '@mudwire/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { udp } from '../src/index.ts'
import { hearing, sent } from './support/hearing.ts'

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((place) => place?.address === '::1')
const ipv6 = hasIpv6 ? 'IPv6' : 'IPv6 (left out: this machine has no ::1)'

let driver: Driver
const errors: unknown[] = []

beforeEach(() => {
  errors.length = 0
  driver = createDriver({ onError: ({ error }) => errors.push(error) })
})
afterEach(async () => {
  await driver.close()
  expect(errors).toEqual([])
  expect(process.getActiveResourcesInfo()).not.toContain('UDPWrap')
})

describe.each([
  { name: 'IPv4', family: 'IPv4', host: '127.0.0.1', most: 65_507, here: true },
  { name: ipv6, family: 'IPv6', host: '::1', most: 65_527, here: hasIpv6 },
])('udp over $name', ({ family, host, most, here }) => {
  it.runIf(here)('tells where it is bound, and who sends', async () => {
    const ears = hearing(2)
    const one = driver.owner('one').bind(udp({ port: 0, host }), ears.handlers)
    const two = driver.owner('two').bind(udp({ port: 0, host }))
    expect(one.state).toBe('connecting')
    const address = await one.opened
    const from = await two.opened
    expect(address).toEqual({ family, address: host, port: expect.any(Number) })
    expect(address.port).toBeGreaterThan(0)
    expect(one.local).toEqual(address)
    expect(two.send('hellö', address)).toBe(true)
    expect(two.send(new Uint8Array([0, 255]), address)).toBe(true)
    await ears.all
    expect(ears.heard).toEqual([sent('hellö', from), { bytes: [0, 255], from }])
    expect(one.position).toEqual({ read: 8, written: 0 })
    expect(two.position).toEqual({ read: 0, written: 8 })
  })

  it.runIf(here)('delivers empty datagrams as such', async () => {
    const ears = hearing(3)
    const one = driver.owner('one').bind(udp({ port: 0, host }), ears.handlers)
    const two = driver.owner('two').bind(udp({ port: 0, host }))
    const address = await one.opened
    const from = await two.opened
    for (const data of ['', 'between', new Uint8Array(0)]) expect(two.send(data, address)).toBe(true)
    await ears.all
    expect(ears.heard).toEqual([sent('', from), sent('between', from), sent('', from)])
  })

  it.runIf(here)('carries the largest datagram whole, and says no to a larger one', async () => {
    const ears = hearing(2)
    const one = driver.owner('one').bind(udp({ port: 0, host }), ears.handlers)
    const two = driver.owner('two').bind(udp({ port: 0, host }))
    const address = await one.opened
    await two.opened
    const large = new Uint8Array(most).map((_, index) => index % 251)
    expect(two.send(new Uint8Array(most + 1), address)).toBe(false)
    expect(two.send(large, address)).toBe(true)
    expect(two.send('after', address)).toBe(true)
    await ears.all
    expect(ears.heard[0]?.bytes.length).toBe(large.byteLength)
    expect(Buffer.from(ears.heard[0]?.bytes ?? []).equals(large)).toBe(true)
    expect(ears.heard[1]?.bytes).toEqual([...Buffer.from('after')])
    expect(two.position.written).toBe(large.byteLength + 5)
  })
})

describe('udp on every address', () => {
  it.runIf(hasIpv6)('hears of IPv4 peers by their IPv4 addresses, and answers them', async () => {
    const ears = hearing(1)
    const both = driver.owner('both').bind(udp({ port: 0, host: '::' }), {
      datagram: (bytes, from, socket) => expect(socket.send(bytes, from)).toBe(true),
    })
    const { port = 0 } = await both.opened
    const client = driver.owner('client').bind(udp({ port: 0 }), ears.handlers)
    await client.opened
    client.send('over IPv4', { family: 'IPv4', address: '127.0.0.1', port })
    await ears.all
    expect(ears.heard).toEqual([sent('over IPv4', { family: 'IPv4', address: '127.0.0.1', port })])
  })

  it.runIf(hasIpv6)('sends to no IPv4 address where it is IPv6 alone', async () => {
    const six = driver.owner('six').bind(udp({ port: 0, host: '::', ipv6Only: true }))
    await six.opened
    expect(six.send('x', { family: 'IPv4', address: '127.0.0.1', port: 9 })).toBe(false)
  })
})

describe('a datagram that cannot be sent', () => {
  it('is told by false, whatever the address is', async () => {
    const socket = driver.owner('one').bind(udp({ port: 0 }))
    expect(socket.send('too early', { family: 'IPv4', address: '127.0.0.1', port: 9 })).toBe(false)
    await socket.opened
    const addresses = [
      { address: 'localhost', port: 9 },
      { address: '', port: 9 },
      { address: '127.0.0.256', port: 9 },
      { address: '::1', port: 9 },
      { address: '127.0.0.1' },
      { address: '127.0.0.1', port: 0 },
      { address: '127.0.0.1', port: -1 },
      { address: '127.0.0.1', port: 1.5 },
      { address: '127.0.0.1', port: 65_536 },
      { address: '127.0.0.1', port: Number.NaN },
    ]
    for (const address of addresses) {
      expect(socket.send('x', { family: 'IPv4', ...address }), JSON.stringify(address)).toBe(false)
    }
    expect(socket.state).toBe('open')
    expect(socket.position.written).toBe(0)
  })

  it('closes nothing and throws nowhere, where only the system learns of it', async () => {
    const ears = hearing(1)
    const socket = driver.owner('one').bind(udp({ port: 0 }), ears.handlers)
    const address = await socket.opened
    // Nobody is there: the answer, an ICMP message, is nobody's either. The last one needs a permission.
    const gone = createSocket('udp4')
    await new Promise<void>((resolve) => gone.bind(0, '127.0.0.1', resolve))
    const { port } = gone.address()
    await new Promise<void>((resolve) => gone.close(resolve))
    expect(socket.send('x', { family: 'IPv4', address: '127.0.0.1', port })).toBe(true)
    expect(socket.send('x', { family: 'IPv4', address: '255.255.255.255', port })).toBe(true)
    expect(socket.send('still here', address)).toBe(true)
    await ears.all
    expect(ears.heard).toEqual([sent('still here', address)])
  })
})

describe('binding', () => {
  it('rejects with the code for a port that is taken, and closes', async () => {
    const first = driver.owner('first').bind(udp({ port: 0 }))
    const { port = 0 } = await first.opened
    let tell: (reason: string) => void = () => {}
    const told = new Promise<string>((resolve) => {
      tell = resolve
    })
    const second = driver
      .owner('second')
      .bind(udp({ port }), { close: ({ kind, code }) => tell(`${kind} ${code}`) })
    await expect(second.opened).rejects.toMatchObject({ name: 'SocketError', code: 'EEADDRINUSE' })
    expect(await told).toBe('error bind-failed')
    expect(second.state).toBe('closed')
    expect(first.state).toBe('open')
  })

  it.each([
    { what: 'an address of another machine', host: '203.0.113.1', code: 'EEBADADDR' },
    { what: 'a name that nobody knows', host: 'nobody.invalid', code: 'EEBADADDR' },
  ])('rejects with the code for $what', async ({ host, code }) => {
    const socket = driver.owner('one').bind(udp({ port: 0, host }))
    await expect(socket.opened).rejects.toMatchObject({ code })
  })

  it('takes a name that is known', async () => {
    const socket = driver.owner('one').bind(udp({ port: 0, host: 'localhost' }))
    expect(['127.0.0.1', '::1']).toContain((await socket.opened).address)
  })

  it('can be stopped, and leaves nothing behind', async () => {
    const controller = new AbortController()
    const socket = driver.owner('one').bind(udp({ port: 0 }), {}, { signal: controller.signal })
    controller.abort()
    await expect(socket.opened).rejects.toMatchObject({ code: 'EEBIND' })
    expect(socket.state).toBe('closed')
  })

  it.each([
    { port: -1 },
    { port: 65_536 },
    { port: 1.5 },
    { port: '4000' as unknown as number },
    { port: 0, host: '' },
    { port: 0, host: 5 as unknown as string },
  ])('throws for %o', (options) => {
    expect(() => udp(options)).toThrow(TypeError)
  })
})
