import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Transport } from '@mudwire/core'
import { UdpLink } from './udp-link.ts'
import { type UdpOptions, type UdpSettings, withDefaults } from './udp-options.ts'

/** A transport that binds datagram sockets. */
export type DatagramTransport = Transport & Required<Pick<Transport, 'bind'>>

/**
 * Makes a UDP transport.
 *
 * ```ts
 * const socket = owner.bind(udp({ port: 4100 }), {
 *   datagram: (bytes, from, socket) => socket.send(bytes, from),
 * })
 * const address = await socket.opened
 * ```
 *
 * @throws TypeError for a port or a host that is none.
 */
export function udp(options: UdpOptions): DatagramTransport {
  const settings = withDefaults(options)
  return {
    name: 'udp',
    async bind({ signal }) {
      return new UdpLink(await bindSocket(settings, signal), settings.ipv6Only)
    },
  }
}

async function bindSocket({ host, port, ipv6Only }: UdpSettings, signal?: AbortSignal): Promise<Socket> {
  const { address, family } = await lookup(host)
  signal?.throwIfAborted()
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', ipv6Only, lookup: literally })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.once('listening', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    // Workers of a cluster would otherwise share the port, and each get some of its datagrams.
    socket.bind({ address, port, exclusive: true })
  })
}

/** Where there are only addresses nothing need be looked up, and a datagram leaves in the call that sends it. */
function literally(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, isIP(address))
}
