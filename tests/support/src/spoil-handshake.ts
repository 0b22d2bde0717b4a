import { once } from 'node:events'
import { connect } from 'node:net'
import type { Address } from '@mudwire/core'

/** A TCP client that says something that is neither TLS nor HTTP, and waits until it is thrown out. */
export async function spoilHandshake({ address, port = 0 }: Address): Promise<void> {
  const socket = connect({ host: address, port })
  socket.on('error', () => {})
  socket.end('What is this?\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
}
