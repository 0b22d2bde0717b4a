import { createDriver } from '@mudwire/core'
import { expect, it, onTestFinished } from 'vitest'
import {
  createSocketEfuns,
  DATAGRAM,
  DATAGRAM_BINARY,
  EEADDRINUSE,
  EESENDTO,
  EESUCCESS,
  type SocketEfuns,
} from '../src/index.ts'
import { makeRealm, Recorder } from './support/realm.ts'

function makeEfuns(): SocketEfuns {
  const driver = createDriver()
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  return createSocketEfuns(driver)
}

/** Binds a datagram socket; the promises are what it hears, one after the other. */
async function hear(efuns: SocketEfuns, mode: number) {
  const io = efuns.as({})
  const heard: [data: unknown, from: string][] = []
  let next: (() => void) | undefined
  const fd = io.socket_create(mode, (_fd: number, data: unknown, from: string) => {
    heard.push([data, from])
    next?.()
  })
  expect(await io.socket_bind(fd, 0)).toBe(EESUCCESS)
  const until = async (count: number): Promise<typeof heard> => {
    while (heard.length < count) {
      await new Promise<void>((resolve) => {
        next = resolve
      })
    }
    return heard
  }
  return { io, fd, address: io.socket_address(fd, 1), until }
}

it('sends from a socket that is bound to nothing, in order, and hears nothing there', async () => {
  const efuns = makeEfuns()
  const { address, until, io: server, fd: bound } = await hear(efuns, DATAGRAM)
  const io = efuns.as({})
  const fd = io.socket_create(DATAGRAM, () => expect.fail('it is bound to nothing'))
  for (let count = 0; count < 5; count += 1) expect(io.socket_write(fd, `${count}`, address)).toBe(EESUCCESS)
  const [[, from = ''] = []] = await until(5)
  expect((await until(5)).map(([data]) => data)).toEqual(['0', '1', '2', '3', '4'])
  expect(server.socket_write(bound, 'back', from)).toBe(EESUCCESS)
  expect(io.socket_write(fd, 'again', address)).toBe(EESUCCESS)
  expect((await until(6))[5]).toEqual(['again', from])
  expect(io.socket_status(fd)).toMatchObject([fd, 'UNBOUND', 'DATAGRAM', '', '', {}])
  expect(await io.socket_bind(fd, 0)).toBe(EESUCCESS)
})

it('delivers what is empty, and what is no text as bytes', async () => {
  const efuns = makeEfuns()
  const [text, binary] = [await hear(efuns, DATAGRAM), await hear(efuns, DATAGRAM_BINARY)]
  for (const { address } of [text, binary]) {
    for (const data of ['', 'é\0', Uint8Array.of(255)])
      expect(text.io.socket_write(text.fd, data, address)).toBe(EESUCCESS)
  }
  expect((await text.until(3)).map(([data]) => data)).toEqual(['', 'é\0', Buffer.of(255)])
  expect((await binary.until(3)).map(([data]) => data)).toEqual([
    Buffer.of(),
    Buffer.from('é\0'),
    Buffer.of(255),
  ])
})

it('is EESENDTO for what is too long, and EEADDRINUSE for a second bind', async () => {
  const efuns = makeEfuns()
  const { io, fd, address } = await hear(efuns, DATAGRAM)
  expect(io.socket_write(fd, 'x'.repeat(65_508), address)).toBe(EESENDTO)
  expect(io.socket_write(fd, 'x', '::1 80')).toBe(EESENDTO)
  const second = io.socket_create(DATAGRAM, () => {})
  expect(await io.socket_bind(second, 0, address)).toBe(EEADDRINUSE)
})

it('is handed over like any other socket, sending and hearing', async () => {
  const efuns = makeEfuns()
  const { io, fd, address } = await hear(efuns, DATAGRAM)
  const next = new Recorder()
  const heard = new Promise<unknown>((resolve) => {
    next.reactions.onRead = (_fd: number, data: string) => resolve(data)
  })
  const acquirer = efuns.as(next)
  next.reactions.onRelease = () => acquirer.socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
  expect(io.socket_release(fd, next, 'onRelease')).toBe(EESUCCESS)
  expect(io.socket_write(fd, 'x', address)).toBe(-7)
  expect(acquirer.socket_write(fd, 'mine', address)).toBe(EESUCCESS)
  expect(await heard).toBe('mine')
})

it('takes only so many before there is a socket that sends them', () => {
  const { efuns } = makeRealm()
  const io = efuns.as({})
  const fd = io.socket_create(DATAGRAM, () => {})
  const codes = Array.from({ length: 129 }, () => io.socket_write(fd, 'x', '127.0.0.1 9'))
  expect(codes.slice(0, 128)).toEqual(codes.slice(0, 128).map(() => EESUCCESS))
  expect(codes[128]).toBe(EESENDTO)
})
