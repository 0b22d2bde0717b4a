import { createSocket, type Socket } from 'node:dgram'
import { type CloseReason, createDriver, type DatagramSocket, type Driver, type Owner } from '@mudwire/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { udp } from '../src/index.ts'

let driver: Driver
let sender: Socket
const errors: unknown[] = []

beforeEach(async () => {
  errors.length = 0
  driver = createDriver({ onError: ({ error }) => errors.push(error) })
  sender = createSocket('udp4')
  await new Promise<void>((resolve) => sender.bind(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise<void>((resolve) => sender.close(resolve))
  await driver.close()
  expect(errors).toEqual([])
  expect(process.getActiveResourcesInfo()).not.toContain('UDPWrap')
})

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('under load gives each datagram to the owner of that instant, whole, in order and once', async () => {
  const datagrams = 20_000
  const seen: number[] = []
  const strays: string[] = []
  const owners: Owner[] = []
  const served = new Set<number>()
  let socket: DatagramSocket | undefined
  let current = 0
  const handlersFor = (index: number) => ({
    datagram(bytes: Uint8Array, _from: unknown, handle: DatagramSocket): void {
      if (index !== current || handle !== socket) strays.push(`to ${index}, while ${current} owned it`)
      if (bytes.byteLength !== 8) strays.push(`${bytes.byteLength} bytes`)
      const number = Buffer.from(bytes).readUInt32BE()
      seen.push(number)
      served.add(index)
      // Some from within the handler, so that the rest goes to another.
      if (number % 7 === 0) handOver()
    },
  })
  for (let index = 0; index < 3; index += 1) {
    owners.push(
      driver.owner(`owner-${index}`, {
        offered(offer) {
          if (offer.kind !== 'datagram') return
          current = index
          socket = offer.acquire(handlersFor(index))
        },
      }),
    )
  }
  const handOver = (): void => {
    const next = owners[(current + 1) % owners.length] as Owner
    expect(socket?.release(next.ref)).toEqual({ acquired: true })
  }
  const first = (owners[0] as Owner).bind(udp({ port: 0 }), handlersFor(0), { queueLimit: datagrams })
  socket = first
  const { port = 0 } = await first.opened
  for (let number = 0; number < datagrams; number += 1) {
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(number)
    sender.send(bytes, port, '127.0.0.1')
    if (number % 50 === 0) {
      await later()
      handOver()
    }
  }
  // Behind everything that is sent comes one more, again and again, for the system may drop one.
  const last = Buffer.alloc(8)
  last.writeUInt32BE(datagrams)
  while (seen.at(-1) !== datagrams) {
    sender.send(last, port, '127.0.0.1')
    await later()
  }
  expect(strays).toEqual([])
  expect(seen.length).toBeGreaterThan(datagrams / 2)
  const numbered = seen.filter((number) => number < datagrams)
  expect(numbered).toEqual([...new Set(numbered)].sort((one, other) => one - other))
  expect(served.size).toBe(3)
  expect(socket.dropped).toBe(0)
})

it('holds what comes while nobody reads, drops what is too much, and says how many', async () => {
  const socket = driver.owner('one').bind(udp({ port: 0 }), undefined, { queueLimit: 3 })
  const address = await socket.opened
  const other = driver.owner('other').bind(udp({ port: 0 }))
  await other.opened
  for (let number = 0; number < 10; number += 1) expect(other.send(`${number}`, address)).toBe(true)
  while (socket.dropped < 7) await later()
  const heard: string[] = []
  const all = new Promise<void>((resolve) => {
    socket.handle({
      datagram(bytes) {
        heard.push(Buffer.from(bytes).toString())
        if (heard.length === 3) resolve()
      },
    })
  })
  await all
  expect(heard).toEqual(['0', '1', '2'])
  expect(socket.dropped).toBe(7)
})

it('closes behind what was sent', async () => {
  const heard: string[] = []
  const wait = new Promise<void>((resolve) => {
    sender.on('message', (bytes) => {
      heard.push(bytes.toString())
      if (heard.length === 50) resolve()
    })
  })
  const reasons: CloseReason[] = []
  let closed = (): void => {}
  const close = new Promise<void>((resolve) => {
    closed = resolve
  })
  const socket = driver.owner('one').bind(udp({ port: 0 }), {
    close(reason) {
      reasons.push(reason)
      closed()
    },
  })
  await socket.opened
  const to = { family: 'IPv4', address: '127.0.0.1', port: sender.address().port } as const
  for (let number = 0; number < 50; number += 1) expect(socket.send(`${number}`, to)).toBe(true)
  socket.close()
  expect(socket.send('too late', to)).toBe(false)
  await Promise.all([wait, close])
  expect(heard).toEqual(Array.from({ length: 50 }, (_, number) => `${number}`))
  expect(reasons).toEqual([{ by: 'local', kind: 'end', code: 'closed' }])
  expect(socket.state).toBe('closed')
})

it('gives its port back, 200 times over', async () => {
  let { port = 0 } = await driver.owner('first').bind(udp({ port: 0 })).opened
  await driver.close()
  driver = createDriver()
  const owner = driver.owner('one')
  for (let round = 0; round < 200; round += 1) {
    let closed = (): void => {}
    const close = new Promise<void>((resolve) => {
      closed = resolve
    })
    const socket = owner.bind(udp({ port }), { close: closed })
    ;({ port = 0 } = await socket.opened)
    socket.close()
    await close
  }
  expect(owner.size).toBe(0)
})
