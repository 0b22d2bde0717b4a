import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { type Address, createDriver } from '@mudwire/core'
import {
  makeAuthority,
  makeCertificate,
  type Pair,
  tomorrow,
  yesterday,
} from '@mudwire/test-support/certificates'
import { dialTls } from '@mudwire/test-support/raw-socket'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CertificateError, tls } from '../src/index.ts'
import { listenOver, textOf, until } from './support/listen.ts'

let authority: Pair
let localhost: Pair
let wild: Pair
let client: Pair
beforeAll(async () => {
  authority = await makeAuthority()
  localhost = await makeCertificate(authority, { names: ['localhost', '127.0.0.1'] })
  wild = await makeCertificate(authority, { names: ['*.example.org', 'example.org'] })
  client = await makeCertificate(authority, { names: ['ada'] })
})

/** Connects and tells what was agreed upon, or how it failed. */
function handshake({ address, port = 0 }: Address, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: address, port, ca: authority.cert, ...options })
    onTestFinished(() => void socket.destroy())
    socket.once('error', reject)
    socket.once('secureConnect', () => resolve(socket))
  })
}

const nameOf = (socket: TLSSocket): string => String(socket.getPeerCertificate().subject.CN)

describe('a TLS listener', () => {
  it('shows each client the certificate for the name that it asks for', async () => {
    const { address } = await listenOver(tls({ port: 0, certificates: [localhost, wild] }))
    expect(nameOf(await handshake(address, { servername: 'localhost' }))).toBe('localhost')
    expect(nameOf(await handshake(address, { servername: 'play.example.org' }))).toBe('*.example.org')
    expect(nameOf(await handshake(address, { servername: 'EXAMPLE.org' }))).toBe('*.example.org')
    expect(nameOf(await handshake(address, {}))).toBe('localhost')
    await expect(handshake(address, { servername: 'a.b.example.org' })).rejects.toThrow(/altnames/)
  })

  it('agrees on a protocol, and tells what was agreed upon as facts', async () => {
    const scene = await listenOver(tls({ port: 0, certificates: [localhost], alpn: ['mud/2', 'mud/1'] }))
    const socket = await handshake(scene.address, { servername: 'localhost', ALPNProtocols: ['mud/1'] })
    expect(socket.alpnProtocol).toBe('mud/1')
    await until(() => scene.sockets.length === 1)
    expect(scene.sockets[0]?.facts).toEqual({
      secure: true,
      tls: {
        protocol: 'TLSv1.3',
        cipher: expect.stringMatching(/^TLS_/),
        servername: 'localhost',
        alpn: 'mud/1',
      },
    })
    await expect(handshake(scene.address, { ALPNProtocols: ['other'] })).rejects.toThrow()
    await until(() => scene.failures.length === 1)
  })

  it('refuses versions that are too old', async () => {
    const scene = await listenOver(tls({ port: 0, certificates: [localhost], minVersion: 'TLSv1.3' }))
    await expect(handshake(scene.address, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/)
    await until(() => scene.failures.length === 1)
    await handshake(scene.address, { servername: 'localhost' })
  })

  it('may require a certificate of clients, and tells the owner whose it is', async () => {
    const scene = await listenOver(
      tls({ port: 0, certificates: [localhost], clientCertificates: { ca: authority.cert, required: true } }),
    )
    await handshake(scene.address, { servername: 'localhost', ...client })
    await until(() => scene.sockets.length === 1)
    expect(scene.sockets[0]?.facts?.tls?.certificate).toMatchObject({
      subject: { CN: 'ada', O: 'Mudwire tests' },
      issuer: { CN: 'Test authority' },
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    })
    const stranger = await makeCertificate(await makeAuthority('Nobody'), { names: ['eve'] })
    for (const options of [{}, stranger]) {
      // In TLS 1.3 the client has finished before the server has refused it.
      const refused = await handshake(scene.address, { servername: 'localhost', ...options }).then(
        (socket) => new Promise((resolve) => socket.once('error', resolve).once('close', resolve).resume()),
        (error: unknown) => error,
      )
      expect(refused).toBeDefined()
    }
    expect(scene.sockets).toHaveLength(1)
  })

  it('may ask for a certificate, and believes only one that is vouched for', async () => {
    const scene = await listenOver(
      tls({
        port: 0,
        certificates: [localhost],
        clientCertificates: { ca: authority.cert, required: false },
      }),
    )
    const stranger = await makeCertificate(await makeAuthority('Nobody'), { names: ['eve'] })
    for (const options of [{}, stranger, client])
      await handshake(scene.address, { servername: 'localhost', ...options })
    await until(() => scene.sockets.length === 3)
    const subjects = scene.sockets.map(({ facts }) => facts?.tls?.certificate?.subject.CN)
    expect(subjects.filter((name) => name !== undefined)).toEqual(['ada'])
  })

  it('does not wait for ever for a handshake', async () => {
    const scene = await listenOver(tls({ port: 0, certificates: [localhost], handshakeDeadlineMs: 50 }))
    const socket = connect(scene.address.port ?? 0, '127.0.0.1')
    socket.resume()
    let ended = false
    socket.on('close', () => {
      ended = true
    })
    await until(() => ended)
    expect(scene.failures).toEqual(['TLS handshake timeout'])
  })

  it('is not disturbed by what is no handshake', async () => {
    const scene = await listenOver(tls({ port: 0, certificates: [localhost] }))
    const socket = connect(scene.address.port ?? 0, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('look\r\n')
    await until(() => scene.failures.length === 1)
    await handshake(scene.address, { servername: 'localhost' })
    await until(() => scene.sockets.length === 1)
  })

  it('cannot listen without a certificate', async () => {
    await expect(tls({ port: 0 }).listen({} as never, {})).rejects.toThrow(CertificateError)
  })
})

describe('changing certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mudwire-'))
  const files = { keyFile: join(folder, 'key.pem'), certFile: join(folder, 'cert.pem') }
  const write = ({ key, cert }: Pair): void => {
    writeFileSync(files.keyFile, key)
    writeFileSync(files.certFile, cert)
  }

  it('gives new connections the new ones and drops nobody', async () => {
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    write(localhost)
    const transport = tls({ port: 0, certificates: [files, wild] })
    const scene = await listenOver(transport)
    const before = await dialTls(scene.address, { ca: authority.cert, servername: 'localhost' })
    const renewed = await makeCertificate(authority, { names: ['localhost', 'new.example.net', '127.0.0.1'] })
    write(renewed)
    await transport.reload()
    const after = await handshake(scene.address, { servername: 'new.example.net' })
    expect(after.getPeerCertificate().subjectaltname).toContain('new.example.net')
    // Without a name it is the new first one, as well.
    expect((await handshake(scene.address, {})).getPeerCertificate().subjectaltname).toContain(
      'new.example.net',
    )
    expect(nameOf(await handshake(scene.address, { servername: 'example.org' }))).toBe('*.example.org')
    before.send('still here\r\n')
    await until(() => textOf(before) === 'still here!\r\n')
    before.reset()

    const expired = await makeCertificate(authority, {
      names: ['localhost'],
      notBeforeDate: yesterday(9),
      notAfterDate: yesterday(),
    })
    const early = await makeCertificate(authority, {
      names: ['localhost'],
      notBeforeDate: tomorrow(),
      notAfterDate: tomorrow(9),
    })
    const bad: [string, Pair, RegExp][] = [
      ['empty', { key: localhost.key, cert: '' }, /Certificate 1 is empty/],
      ['an empty key', { key: '', cert: localhost.cert }, /has an empty key/],
      ['no PEM', { key: localhost.key, cert: 'nonsense' }, /is not a certificate in PEM/],
      ['a key that is none', { key: 'nonsense', cert: localhost.cert }, /has a key that is not one in PEM/],
      ['mismatched', { key: wild.key, cert: localhost.cert }, /does not go with its key/],
      ['expired', expired, /has expired/],
      ['not valid yet', early, /is not valid yet/],
    ]
    for (const [what, pair, message] of bad) {
      write(pair)
      await expect(transport.reload(), what).rejects.toThrow(message)
      await expect(transport.reload(), what).rejects.toBeInstanceOf(CertificateError)
    }
    rmSync(files.certFile)
    await expect(transport.reload()).rejects.toThrow(/cert\.pem cannot be read/)
    await expect(transport.reload([])).rejects.toThrow(/at least one certificate/)
    // One bad among good ones: nothing has changed.
    await expect(transport.reload([wild, expired])).rejects.toThrow(/Certificate 2 has expired/)
    expect((await handshake(scene.address, {})).getPeerCertificate().subjectaltname).toContain(
      'new.example.net',
    )
    await transport.reload([wild])
    expect(nameOf(await handshake(scene.address, { checkServerIdentity: () => undefined }))).toBe(
      '*.example.org',
    )
  })
})

describe('connecting over TLS', () => {
  it('verifies the server, by its name or its address, unless it is told not to', async () => {
    const { address, driver } = await listenOver(tls({ port: 0, certificates: [localhost] }))
    const owner = driver.owner('client')
    const port = address.port ?? 0
    const open = (options: object): Promise<unknown> => owner.connect(tls({ port, ...options })).opened
    await expect(open({})).rejects.toMatchObject({
      code: 'EECONNECT',
      message: expect.stringMatching(/certificate/),
    })
    await expect(open({ ca: authority.cert, servername: 'other.example' })).rejects.toMatchObject({
      code: 'EECONNECT',
    })
    await expect(open({ ca: authority.cert })).resolves.toMatchObject({ address: '127.0.0.1' })
    await expect(open({ ca: authority.cert, servername: 'localhost' })).resolves.toBeDefined()
    await expect(open({ verify: false })).resolves.toBeDefined()
  })

  it('shows its own certificate, and tells the facts', async () => {
    const scene = await listenOver(
      tls({ port: 0, certificates: [localhost], clientCertificates: { ca: authority.cert, required: true } }),
    )
    const socket = scene.driver
      .owner('client')
      .connect(tls({ port: scene.address.port ?? 0, ca: authority.cert, certificate: client }), {
        line: () => {},
      })
    socket.write('hello\r\n')
    await until(() => scene.lines.length === 1)
    expect(socket.facts?.tls).toMatchObject({
      protocol: 'TLSv1.3',
      certificate: { subject: { CN: 'localhost' } },
    })
    expect(scene.sockets[0]?.facts?.tls?.certificate?.subject.CN).toBe('ada')
  })

  it('does not wait for ever for a server that says nothing', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const silent = tls({ port, handshakeDeadlineMs: 50 })
    const driver = createDriver()
    await expect(driver.owner('client').connect(silent).opened).rejects.toMatchObject({
      code: 'EECONNECT',
      message: expect.stringContaining('no handshake within 50 ms'),
    })
  })
})
