import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { ipAddress } from '@mudwire/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ForwardedHeader } from '../src/forwarded.ts'
import { hear, listenAt, open } from './support/scene.ts'

const PROXY = ipAddress('10.0.0.9', 1234)

function read(headers: IncomingHttpHeaders, header?: 'forwarded', network = PROXY) {
  const { remote, proxy } = new ForwardedHeader({
    from: ['10.0.0.0/8', 'fd00::/8'],
    ...(header && { header }),
  }).read(network, headers)
  return { address: remote.address, port: remote.port, proxy: proxy?.address.address, secure: proxy?.secure }
}

describe('X-Forwarded-For', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['203.0.113.9, 192.0.2.1', '192.0.2.1'],
    ['192.0.2.1, 10.0.0.1, 10.0.0.2', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1,10.0.0.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]:443, fd00::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', '10.0.0.9'],
    ['192.0.2.1:65536', '10.0.0.9'],
    ['unknown', '10.0.0.9'],
    ['192.0.2.1, nonsense', '10.0.0.9'],
    ['', '10.0.0.9'],
    ['10.0.0.1, 10.0.0.2', '10.0.0.1'],
  ])('%j names %s, counted from the right', (value, address) => {
    expect(read({ 'x-forwarded-for': value }).address).toBe(address)
  })

  it('is not believed from who is not trusted, and what they invent stays an invention', () => {
    const stranger = ipAddress('192.0.2.66', 1)
    expect(read({ 'x-forwarded-for': '127.0.0.1' }, undefined, stranger)).toMatchObject({
      address: '192.0.2.66',
      proxy: undefined,
    })
    expect(read({ 'x-forwarded-for': '10.0.0.1, 192.0.2.66' }).address).toBe('192.0.2.66')
  })

  it('comes with the proxy as a fact, and with whether the client spoke TLS', () => {
    expect(read({ 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' })).toMatchObject({
      proxy: '10.0.0.9',
      secure: true,
    })
    expect(read({ 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https, http' }).secure).toBe(false)
    expect(read({ 'x-forwarded-for': '192.0.2.1' }).secure).toBeUndefined()
  })
})

describe('Forwarded', () => {
  it.each([
    ['for=192.0.2.1', '192.0.2.1', 0],
    ['for="192.0.2.1:8080";proto=https', '192.0.2.1', 8080],
    ['For="[2001:db8::1]:443"', '2001:db8::1', 443],
    ['by=203.0.113.43;for=192.0.2.1, for=10.0.0.1', '192.0.2.1', 0],
    ['for=unknown', '10.0.0.9', 1234],
    ['for=_hidden, for=10.0.0.1', '10.0.0.1', 0],
    ['proto=https', '10.0.0.9', 1234],
  ])('%j names %s', (value, address, port) => {
    expect(read({ forwarded: value }, 'forwarded')).toMatchObject({ address, port })
  })

  it('says whether the client spoke TLS', () => {
    expect(read({ forwarded: 'for=192.0.2.1;proto=https' }, 'forwarded').secure).toBe(true)
    expect(read({ forwarded: 'for=192.0.2.1;proto=http' }, 'forwarded').secure).toBe(false)
  })
})

it('whatever stands in the headers names an address or nobody', () => {
  const word = fc.constantFrom(
    ...['for=', 'For="', 'proto=https', ';', ',', ' ', '"', '[', ']', ':', '%', 'unknown', '_x', '\\'],
    ...['192.0.2.1', '10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', 'fd00::1', '8080', '99999'],
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
  )
  const header = fc.constantFrom(undefined, 'forwarded' as const)
  fc.assert(
    fc.property(text, text, header, (value, proto, name) => {
      const heard = read({ 'x-forwarded-for': value, 'x-forwarded-proto': proto, forwarded: value }, name)
      expect(isIP(heard.address)).toBeGreaterThan(0)
      expect(heard.address).toBe(ipAddress(heard.address, 0).address)
      expect(heard.port).toBeLessThanOrEqual(65_535)
      expect([true, false, undefined]).toContain(heard.secure)
    }),
    { numRuns: 5_000 },
  )
})

it('the owner sees the peer that a trusted proxy names; who is admitted is the proxy', async () => {
  const heard = hear()
  const { port, listener } = await listenAt(heard.accepted, { forwarded: { from: ['127.0.0.1'] } })
  const admitted: string[] = []
  listener.handle({ admit: (remote) => admitted.push(remote.address) > 0, accepted: heard.accepted })
  const client = await open(port, '/ws', { headers: { 'X-Forwarded-For': '6.6.6.6, 192.0.2.1' } })
  await heard.until(() => heard.sockets.length === 1)
  expect(heard.sockets[0]?.remote).toEqual({ family: 'IPv4', address: '192.0.2.1', port: 0 })
  expect(admitted).toEqual(['127.0.0.1'])
  expect(heard.sockets[0]?.facts?.proxy?.address.address).toBe('127.0.0.1')
  client.terminate()
})
