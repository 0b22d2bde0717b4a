import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { ipAddress } from '@mudwire/core'
import { type RawDatagramPeer, transportConformance } from '@mudwire/transport-conformance'
import { udp } from '../src/index.ts'

const places = [
  { host: '127.0.0.1', type: 'udp4', largest: 65_507 },
  { host: '::1', type: 'udp6', largest: 65_527 },
] as const
const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address))

for (const { host, type, largest } of places) {
  if (!addresses.includes(host)) continue
  transportConformance({
    name: `udp over ${host}`,
    capabilities: { datagram: true, largest },
    setup: () => ({
      transport: udp({ port: 0, host }),
      dial: () => dialUdp(type, host),
      rival: ({ port = 0 }) => udp({ port, host }),
    }),
  })
}

async function dialUdp(type: 'udp4' | 'udp6', host: string): Promise<RawDatagramPeer> {
  const socket = createSocket(type)
  const received: RawDatagramPeer['received'][number][] = []
  socket.on('message', (bytes, { address, port }) => received.push({ bytes, from: ipAddress(address, port) }))
  socket.bind(0, host)
  await once(socket, 'listening')
  return {
    address: ipAddress(host, socket.address().port),
    received,
    send: (bytes, { address, port = 0 }) => socket.send(bytes, port, address),
    close: () => void socket.close(),
  }
}
