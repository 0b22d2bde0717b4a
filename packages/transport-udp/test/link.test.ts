import { createSocket, type Socket } from 'node:dgram'
import type { CloseReason, DatagramSink } from '@mudwire/core'
import { expect, it } from 'vitest'
import { udp } from '../src/index.ts'
import { UdpLink } from '../src/udp-link.ts'

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return socket
}

/** Remembers how a link was closed, and whether that was inside a call made on it. */
function listening(): {
  readonly sink: DatagramSink
  readonly reasons: CloseReason[]
  closed: Promise<void>
} {
  const reasons: CloseReason[] = []
  let close = (): void => {}
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const sink = {
    datagram() {},
    close(reason: CloseReason) {
      reasons.push(reason)
      close()
    },
  }
  return { sink, reasons, closed }
}

it('is closed by an error of the system, with its name, once', async () => {
  const socket = await boundSocket()
  const link = new UdpLink(socket, false)
  const { sink, reasons, closed } = listening()
  link.attach(sink)
  // Still under way when it fails.
  expect(link.send(new Uint8Array(9), link.local)).toBe(true)
  const error = Object.assign(new Error('no buffers'), { code: 'ENOBUFS' })
  socket.emit('error', error)
  socket.emit('error', new Error('another'))
  expect(reasons).toEqual([])
  await closed
  link.close()
  expect(link.send(new Uint8Array(9), link.local)).toBe(false)
  await new Promise((resolve) => setImmediate(resolve))
  expect(reasons).toEqual([{ by: 'transport', kind: 'error', code: 'ENOBUFS', text: 'no buffers', error }])
})

it('tells its close once, behind the call, also to a sink that comes afterwards', async () => {
  const early = await udp({ port: 0 }).bind({})
  const one = listening()
  early.attach(one.sink)
  early.close()
  early.close()
  expect(one.reasons).toEqual([])
  await one.closed
  expect(one.reasons).toEqual([{ by: 'local', kind: 'end', code: 'closed' }])

  const socket = await boundSocket()
  const late = new UdpLink(socket, false)
  const gone = new Promise((resolve) => socket.once('close', resolve))
  late.close()
  await gone
  const two = listening()
  late.attach(two.sink)
  expect(two.reasons).toEqual([])
  await two.closed
  expect(two.reasons).toEqual([{ by: 'local', kind: 'end', code: 'closed' }])
})
