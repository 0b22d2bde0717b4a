import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDriver } from '@mudwire/core'
import { makeAuthority, makeCertificate } from '@mudwire/test-support/certificates'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import {
  createSocketEfuns,
  EELISTEN,
  EENOTCONN,
  EESUCCESS,
  type Efuns,
  SO_TLS_CERT,
  SO_TLS_KEY,
  SO_TLS_SNI_HOSTNAME,
  SO_TLS_VERIFY_PEER,
  type SocketEfuns,
  STREAM_TLS,
} from '../src/index.ts'
import { stateOf } from './support/realm.ts'

const folder = mkdtempSync(join(tmpdir(), 'efuns-'))
const cert = join(folder, 'cert.pem')
const key = join(folder, 'key.pem')

beforeAll(async () => {
  const pair = await makeCertificate(await makeAuthority(), { names: ['mud.test'] })
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key)
})
afterAll(() => rmSync(folder, { recursive: true }))

function makeEfuns(): SocketEfuns {
  const driver = createDriver()
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  return createSocketEfuns(driver)
}

/** Listens as an echo, and returns the address. */
async function echo(io: Efuns): Promise<string> {
  const fd = io.socket_create(STREAM_TLS, () => {})
  io.socket_set_option(fd, SO_TLS_CERT, cert)
  io.socket_set_option(fd, SO_TLS_KEY, key)
  expect(await io.socket_bind(fd, 0)).toBe(EESUCCESS)
  const welcomed = new Set<number>()
  const listens = io.socket_listen(fd, (listener: number) => {
    io.socket_accept(
      listener,
      (from: number, text: string) => io.socket_write(from, text),
      (to: number) => {
        if (!welcomed.has(to)) io.socket_write(to, 'welcome\n')
        welcomed.add(to)
      },
    )
  })
  expect(await listens).toBe(EESUCCESS)
  return io.socket_address(fd, 1)
}

it('listens with the certificate of its options, and calls the write callback of who is accepted', async () => {
  const efuns = makeEfuns()
  const address = await echo(efuns.as({}))
  const io = efuns.as({})
  const fd = io.socket_create(STREAM_TLS, () => {})
  io.socket_set_option(fd, SO_TLS_SNI_HOSTNAME, 'mud.test')
  const text = await new Promise<string>((resolve) => {
    let all = ''
    io.socket_connect(
      fd,
      address,
      (_fd: number, part: string) => {
        all += part
        if (all === 'welcome\n') io.socket_write(fd, 'echo')
        if (all.endsWith('echo')) resolve(all)
      },
      () => {},
    )
    expect(stateOf(io, fd)).toBe('HANDSHAKE')
    expect(io.socket_write(fd, 'too early')).toBe(EENOTCONN)
  })
  expect(text).toBe('welcome\necho')
  expect(stateOf(io, fd)).toBe('DATA_XFER')
})

it('verifies a server only where SO_TLS_VERIFY_PEER says so, and a refusal shows as a close', async () => {
  const efuns = makeEfuns()
  const address = await echo(efuns.as({}))
  const io = efuns.as({})
  const closed = new Promise<number>((resolve) => {
    const fd = io.socket_create(STREAM_TLS, () => {}, resolve)
    io.socket_set_option(fd, SO_TLS_VERIFY_PEER, 1)
    expect(io.socket_get_option(fd, SO_TLS_VERIFY_PEER)).toBe(1)
    io.socket_connect(
      fd,
      address,
      () => {},
      () => expect.fail('nobody vouches for it'),
    )
  })
  expect(stateOf(io, await closed)).toBe('CLOSED')
})

it('does not listen without a certificate, or with a bad one, which gives the port up', async () => {
  const efuns = makeEfuns()
  const io = efuns.as({})
  const fd = io.socket_create(STREAM_TLS, () => {})
  await io.socket_bind(fd, 0)
  expect(await io.socket_listen(fd, () => {})).toBe(EELISTEN)
  expect(stateOf(io, fd)).toBe('BOUND')
  io.socket_set_option(fd, SO_TLS_CERT, cert)
  io.socket_set_option(fd, SO_TLS_KEY, cert)
  expect(await io.socket_listen(fd, () => {})).toBe(EELISTEN)
  expect(stateOf(io, fd)).toBe('UNBOUND')
  expect(await io.socket_bind(fd, 0)).toBe(EESUCCESS)
})

it('lets nobody set the options of a socket that is not his', () => {
  const efuns = makeEfuns()
  const fd = efuns.as({}).socket_create(STREAM_TLS, () => {})
  const stranger = efuns.as({})
  expect(() => stranger.socket_set_option(fd, SO_TLS_VERIFY_PEER, 1)).toThrow(/one's own socket/)
  expect(stranger.socket_get_option(fd, SO_TLS_VERIFY_PEER)).toBe(0)
  expect(stranger.socket_get_option(fd, SO_TLS_CERT)).toBeUndefined()
})
